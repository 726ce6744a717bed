"""Erase a firm, whole, and keep the proof."""

import logging
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from apps.accounts import jobs
from apps.accounts.models import ErasureProof, Firm, FirmErasure, FirmExport
from apps.accounts.rules.proof_text import digest_of_proof, proof_text
from apps.accounts.services.mailed_links import address_of
from apps.accounts.services.people_told import owners_of, tell
from apps.core import audit
from apps.core.jobs import enqueue
from apps.core.models import ErasedFirm
from apps.core.registries import firm_erasers
from apps.core.tenancy import keep_writers_out, tenant

logger = logging.getLogger(__name__)
# Longer than any request, step of a job or statement may take.
_LOOKED_FOR_AFTER = (timedelta(minutes=15), timedelta(days=1))


def erase_firm(*, firm_id: int, erasure_id: int, now: datetime) -> ErasureProof | None:
    """Remove every row of the firm in one transaction, if nobody stopped it and its day has come; else return None.

    The erasers of all apps run, the uppermost first, this app's last. What stays: the audit trail, which the database
    lets nobody remove and which holds ids and no contents, and the proof with the counts. The owners are told.

    Writes that come late: every transaction that writes for the firm is waited for, so what it wrote is erased; one
    that begins meanwhile waits for the end and is then refused (core.tenancy). What slips through all the same, such as
    a transaction whose view of the database was fixed before, is looked for by `erase_late_rows`.
    """
    with transaction.atomic():
        keep_writers_out(firm_id)
        return _erase(firm_id, erasure_id, now)


def _erase(firm_id: int, erasure_id: int, now: datetime) -> ErasureProof | None:
    with tenant(firm_id, even_erased=True):
        firm = Firm.objects.select_for_update().filter(pk=firm_id).first()
        erasure = FirmErasure.objects.filter(pk=erasure_id, stopped_at__isnull=True, erase_at__lte=now).first()
        if firm is None or erasure is None:
            return None
        owners, name = owners_of(firm_id), firm.name
        files = list(FirmExport.objects.filter(firm=firm).exclude(file="").values_list("file", flat=True))
        Firm.objects.filter(pk=firm_id).update(erasing_since=now)
        removed = _run_erasers(firm_id)
        ErasedFirm.objects.create(firm_id=firm_id, erased_at=now)
        proof = _write_proof(firm, erasure, removed, owners, now)
        audit.record("accounts.firm_erased", firm_id=firm_id, target=str(proof), removed=removed)
        for user_id in owners:
            tell(
                user_id,
                kind="accounts.firm_erased",
                firm=name,
                erased_at=now.isoformat(),
                records=sum(removed.values()),
                proof=str(proof),
                address=address_of(f"/erasures/{proof.public_id}"),
            )
        for delay in _LOOKED_FOR_AFTER:
            enqueue(jobs.ERASE_LATE_ROWS, available_at=now + delay, erased_firm_id=firm_id)
        transaction.on_commit(lambda: _remove_files(files), robust=True)
    logger.info("accounts.firm_erased", extra={"firm_id": firm_id})
    return proof


def erase_late_rows(*, erased_firm_id: int) -> int:
    """Remove what was written for a firm that no longer is; return how many rows. A firm that is there is left alone.

    The trail says how many there were, if any.
    """
    with tenant(erased_firm_id, even_erased=True):
        if Firm.objects.filter(pk=erased_firm_id).exists():
            return 0
        removed = {subject: count for subject, count in _run_erasers(erased_firm_id).items() if count}
        if removed:
            audit.record("accounts.late_rows_erased", firm_id=erased_firm_id, removed=removed)
    return sum(removed.values())


def _run_erasers(firm_id: int) -> dict[str, int]:
    return {subject: erase(firm_id) for subject, erase in reversed(list(firm_erasers))}


def _write_proof(
    firm: Firm, erasure: FirmErasure, removed: dict[str, int], owners: list[int], now: datetime
) -> ErasureProof:
    text = proof_text(firm_public_id=firm.public_id, requested_at=erasure.requested_at, erased_at=now, removed=removed)
    asked_by = [] if erasure.requested_by_id is None else [erasure.requested_by_id]
    proof = ErasureProof.objects.create(
        firm_public_id=firm.public_id,
        requested_by_id=erasure.requested_by_id,
        requested_at=erasure.requested_at,
        erased_at=now,
        removed=removed,
        may_be_seen_by=sorted({*owners, *asked_by}),
        digest=digest_of_proof(text),
    )
    proof.refresh_from_db(fields=["public_id"])
    return proof


def _remove_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
