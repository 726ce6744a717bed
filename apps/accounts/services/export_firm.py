"""Make a copy of everything a firm has here: ask for it, make it, hand it out, remove it after its time."""

import json
import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from apps.accounts import jobs
from apps.accounts.errors import ExportNotFound, ExportUnderWay
from apps.accounts.models import Firm, FirmExport
from apps.accounts.services.firm_lock import lock_firm
from apps.accounts.services.mailed_links import firm_address_of
from apps.accounts.services.people_told import tell
from apps.core import audit
from apps.core.jobs import enqueue
from apps.core.registries import firm_exporters
from apps.core.tenancy import tenant

KEPT = timedelta(days=7)


def request_firm_export(*, firm_id: int, actor_id: int, now: datetime) -> FirmExport:
    """Promise a copy; the person is told when it is ready. Raises ExportUnderWay while another is being made."""
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        if FirmExport.objects.filter(firm=firm, status=FirmExport.Status.PENDING).exists():
            raise ExportUnderWay
        export = FirmExport.objects.create(firm=firm, requested_by_id=actor_id, requested_at=now)
        enqueue(jobs.EXPORT_FIRM, firm_id=firm_id, queue="exports", export_id=export.pk)
        audit.record("accounts.export_requested", firm_id=firm_id, user_id=actor_id, target=f"export:{export.pk}")
    return export


def make_firm_export(*, firm_id: int, export_id: int, now: datetime) -> bool:
    """Write the copy and store it; tell whether it was made now. Twice is once.

    One zip with a file of JSON lines per subject, all read from one state of the database. The storage is written
    outside of any transaction, under a name of the export's own, so that a second try replaces the first one's file.
    """
    with tempfile.TemporaryFile() as copy:
        with tenant(firm_id, read_only=True):
            export = FirmExport.objects.filter(pk=export_id, status=FirmExport.Status.PENDING).first()
            if export is None:
                return False
            public_id = Firm.objects.values_list("public_id", flat=True).get(pk=firm_id)
            records = _write_copy(firm_id, copy)
        size = copy.tell()
        copy.seek(0)
        name = _store(public_id, export_id, copy)
    with tenant(firm_id):
        _note_ready(firm_id, export_id, name=name, size=size, records=records, now=now)
    return True


def expire_firm_export(*, firm_id: int, export_id: int, now: datetime) -> None:
    """Remove a copy whose time is over."""
    with tenant(firm_id):
        expired = FirmExport.objects.filter(pk=export_id, status=FirmExport.Status.READY, expires_at__lte=now).first()
        if expired is None:
            return
        name = expired.file
        expired.status, expired.file = FirmExport.Status.EXPIRED, ""
        expired.save(update_fields=["status", "file"])
    default_storage.delete(name)


def open_firm_export(*, firm_id: int, export_id: int, actor_id: int, ip: str | None, now: datetime) -> File[bytes]:
    """Open a ready copy for download and record that; whoever called closes it. Raises ExportNotFound."""
    with tenant(firm_id):
        export = FirmExport.objects.filter(
            pk=export_id, firm_id=firm_id, status=FirmExport.Status.READY, expires_at__gt=now
        ).first()
        if export is None:
            raise ExportNotFound
        audit.record(
            "accounts.export_downloaded", firm_id=firm_id, user_id=actor_id, target=f"export:{export_id}", ip=ip
        )
    return default_storage.open(export.file)


def _write_copy(firm_id: int, target: IO[bytes]) -> int:
    records = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for subject, rows in firm_exporters:
            with archive.open(f"{subject}.jsonl", "w", force_zip64=True) as member:
                for row in rows(firm_id):
                    member.write(json.dumps(row, default=str, sort_keys=True).encode() + b"\n")
                    records += 1
    return records


def _store(public_id: UUID, export_id: int, copy: IO[bytes]) -> str:
    wanted = f"firm-copies/{public_id}/{export_id}.zip"
    default_storage.delete(wanted)
    return default_storage.save(wanted, File(copy))


def _note_ready(firm_id: int, export_id: int, *, name: str, size: int, records: int, now: datetime) -> None:
    updated = FirmExport.objects.filter(pk=export_id, status=FirmExport.Status.PENDING).update(
        status=FirmExport.Status.READY,
        file=name,
        size_bytes=size,
        records=records,
        ready_at=now,
        expires_at=now + KEPT,
    )
    export = FirmExport.objects.select_related("firm").get(pk=export_id)
    if not updated or export.requested_by_id is None:
        return
    enqueue(jobs.EXPIRE_FIRM_EXPORT, firm_id=firm_id, available_at=now + KEPT, export_id=export_id)
    tell(
        export.requested_by_id,
        kind="accounts.copy_of_everything_ready",
        firm=export.firm.name,
        size=f"{max(size / 1_000_000, 0.1):.1f} MB",
        expires_at=(now + KEPT).isoformat(),
        address=firm_address_of(f"/firm/copies/{export_id}", export.firm.public_id),
    )
