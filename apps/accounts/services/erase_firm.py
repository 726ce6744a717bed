"""Erase a firm, whole, and keep the proof."""

import logging
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from apps.accounts.models import ErasureProof, Firm, FirmErasure, FirmExport
from apps.accounts.services.people_told import owners_of, tell
from apps.core import audit
from apps.core.registries import firm_erasers
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)


def erase_firm(*, firm_id: int, erasure_id: int, now: datetime) -> ErasureProof | None:
    """Remove every row of the firm in one transaction, if nobody stopped it and its day has come; else return None.

    The erasers of all apps run, the uppermost first, this app's last. What stays: the audit trail, which the database
    lets nobody remove and which holds ids and no contents, and the proof with the counts. The owners are told.
    """
    with tenant(firm_id):
        firm = Firm.objects.select_for_update().filter(pk=firm_id).first()
        erasure = FirmErasure.objects.filter(pk=erasure_id, stopped_at__isnull=True, erase_at__lte=now).first()
        if firm is None or erasure is None:
            return None
        owners, name = owners_of(firm_id), firm.name
        files = list(FirmExport.objects.filter(firm=firm).exclude(file="").values_list("file", flat=True))
        Firm.objects.filter(pk=firm_id).update(erasing_since=now)
        removed = {subject: erase(firm_id) for subject, erase in reversed(list(firm_erasers))}
        proof = ErasureProof.objects.create(
            firm_public_id=firm.public_id,
            requested_by_id=erasure.requested_by_id,
            requested_at=erasure.requested_at,
            erased_at=now,
            removed=removed,
        )
        proof.refresh_from_db(fields=["public_id"])
        audit.record("accounts.firm_erased", firm_id=firm_id, target=str(proof), removed=removed)
        for user_id in owners:
            tell(
                user_id,
                kind="accounts.firm_erased",
                firm=name,
                erased_at=now.isoformat(),
                records=sum(removed.values()),
                proof=str(proof),
            )
        transaction.on_commit(lambda: _remove_files(files), robust=True)
    logger.info("accounts.firm_erased", extra={"firm_id": firm_id})
    return proof


def _remove_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
