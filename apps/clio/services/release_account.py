"""Let go of a firm's Clio account: another may be connected to the firm then, and the account to another firm."""

import logging

from django.db import connection

from apps.accounts import interface as accounts
from apps.clio.errors import ClioNotConnected, ClioStillConnected
from apps.clio.mirror import ENTITIES
from apps.clio.models import ClioConnection
from apps.clio.signals import mirror_changed
from apps.core import audit
from apps.core.registries import books_erasers
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
# Who read of the mirror before reads all of it anew, and finds it empty.
_EMPTIED = """
INSERT INTO clio_mirror_versions AS mirror (firm_id, version, forgotten_version) VALUES (%(firm)s, 1, 1)
ON CONFLICT (firm_id) DO UPDATE SET version = mirror.version + 1, forgotten_version = mirror.version + 1
"""


def release_account(*, firm_id: int, operator_id: int, reason: str) -> int:
    """Remove a firm's mirror, what was made from it, and the ties to the account; return how many rows went.

    For operators, who say why: both stand in the firm's trail. The firm disconnects first: whoever asks for this is
    meant to be one of its administrators. There are no numbers from then on, until an account is connected. Clio's ids
    mean others in another account: members lose their Clio user and their grants, and rows the firm keeps by such ids
    are put away. Announces `mirror_changed`. Raises ClioStillConnected, and ClioNotConnected for a firm that never was.
    """
    with tenant(firm_id):
        connected = ClioConnection.objects.select_for_update().filter(firm_id=firm_id).first()
        if connected is None:
            raise ClioNotConnected
        if connected.status != ClioConnection.Status.DISCONNECTED:
            raise ClioStillConnected
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")  # a million rows take their time, and nobody waits
            # A computation that was under way held the first pass up; the second one sees what it left.
            removed = sum(erase(firm_id) for _ in range(2) for _, erase in books_erasers)
            untied = accounts.part_from_clio_account(firm_id=firm_id, operator_id=operator_id)
            cursor.execute(_EMPTIED, {"firm": firm_id})
        target = f"clio account {connected.clio_account_id}"
        connected.delete()
        audit.record(
            "clio.account_released",
            firm_id=firm_id,
            user_id=operator_id,
            target=target,
            reason=reason,
            rows=removed,
            untied=untied,
        )
    logger.info("clio.account_released", extra={"firm_id": firm_id, "rows": removed})
    names = frozenset(entity.name for entity in ENTITIES)
    mirror_changed.send_robust(sender=None, firm_id=firm_id, entities=names)
    return removed
