"""Clio says that somebody removed our application: ask Clio itself whether that is so."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from apps.clio import jobs
from apps.clio.contracts import Purpose
from apps.clio.errors import ClioBudgetSpent, ClioTokenRefused, DeauthorizationClosed
from apps.clio.services.access_token import get_grant, refresh_grant
from apps.clio.vendors.clio_api import ClioApi
from apps.core.errors import VendorRejected
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
_MOST_IDS = 20
_NAMED = "SELECT firm_id FROM resolve_clio_connections_named(%s)"


def note_deauthorization(*, token: str, body: bytes) -> int:
    """Promise a look at every connection the call may mean; return how many.

    What Clio sends and how it proves itself is not told (clio-api.md 2, unconfirmed). So any number in the body that is
    an account or a user of a connection counts as a name, and nothing is believed: `check_grant` asks Clio. A call that
    names nobody changes nothing; the next sync finds out. token: the last part of the address registered with the
    application. Raises DeauthorizationClosed without one configured, or with another.
    """
    known = settings.CLIO_DEAUTHORIZATION_TOKEN
    if not known or not constant_time_compare(token, known):
        raise DeauthorizationClosed
    numbers = list(dict.fromkeys(_numbers(body)))[:_MOST_IDS]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NAMED, [numbers])
        firm_ids = [firm_id for (firm_id,) in cursor.fetchall()]
    for firm_id in firm_ids:
        with tenant(firm_id):
            enqueue(jobs.CHECK_GRANT, firm_id=firm_id, queue="critical", dedupe_key="grant")
    logger.info("clio.deauthorization_told", extra={"firms": len(firm_ids), "numbers": len(numbers)})
    return len(firm_ids)


def check_grant(*, firm_id: int) -> datetime | None:
    """Ask Clio whether the firm's grant still stands; one that does not is marked and told, as in a sync.

    Returns when to ask if this minute's requests are used up. A refusal that is not about the token proves that the
    grant stands. Raises ClioNotConnected, ClioGrantRevoked, VendorUnavailable.
    """
    grant = get_grant(firm_id=firm_id)
    api = ClioApi(grant, Purpose.REREAD)
    try:
        api.who_am_i()
    except ClioTokenRefused:
        refresh_grant(firm_id=firm_id, stale=grant.version)
    except ClioBudgetSpent as spent:
        return timezone.now() + timedelta(seconds=spent.wait_seconds)
    except VendorRejected as refusal:
        logger.info("clio.grant_stands", extra={"firm_id": firm_id, "code": refusal.code})
    finally:
        api.close()
    return None


def _numbers(body: bytes) -> Iterator[int]:
    """Yield the whole numbers of a JSON or form body, wherever they are."""
    text = body.decode("utf-8", "replace")
    try:
        content: object = json.loads(text)
    except ValueError:
        content = [value for _, value in parse_qsl(text, max_num_fields=100)]
    yield from _numbers_in(content)


def _numbers_in(content: object) -> Iterator[int]:
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for each in content:
            yield from _numbers_in(each)
    elif isinstance(content, int) and not isinstance(content, bool) and 0 < content < 2**63:
        yield content
    elif isinstance(content, str) and content.isascii() and content.isdigit() and len(content) < 19:
        yield int(content)
