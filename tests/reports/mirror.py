"""Put records, in the form Clio serves them, into the mirror's tables, the way a sync leaves them."""

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

from apps.clio import models as clio
from apps.core.tenancy import tenant

Record = dict[str, Any]
TABLES: dict[str, type[models.Model]] = {
    "users": clio.ClioUser,
    "groups": clio.ClioGroup,
    "practice_areas": clio.PracticeArea,
    "contacts": clio.Contact,
    "matters": clio.Matter,
    "activities": clio.Activity,
    "bills": clio.Bill,
    "line_items": clio.LineItem,
    "allocations": clio.Allocation,
    "credit_memos": clio.CreditMemo,
    "interest_charges": clio.InterestCharge,
    "activity_descriptions": clio.ActivityDescription,
    "bank_accounts": clio.BankAccount,
    "bank_transactions": clio.BankTransaction,
}
SYNCED = datetime.fromisoformat("2025-01-31T12:00:00+00:00")


def fill_mirror(
    firm_id: int, records: dict[str, list[Record]], *, synced_at: datetime = SYNCED, refused: Iterable[str] = ()
) -> None:
    """Write every record, note all entities as complete or refused, and raise the mirror's version."""
    with tenant(firm_id):
        for name, table in TABLES.items():
            if name in refused:
                clio.SyncedEntity.objects.create(firm_id=firm_id, entity=name, refused="Forbidden")
                continue
            write(firm_id, table, records.get(name, ()), synced_at)
            clio.SyncedEntity.objects.update_or_create(
                firm_id=firm_id,
                entity=name,
                defaults={
                    "first_completed_at": synced_at,
                    "last_completed_at": synced_at,
                    "records": len(records.get(name, ())),
                    "read_from": synced_at,
                },
            )
        raise_version(firm_id)


def raise_version(firm_id: int) -> None:
    """Say that rows changed, and that nobody noted which."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clio_mirror_versions AS v (firm_id, version, forgotten_version) VALUES (%s, 1, 1) "
            "ON CONFLICT (firm_id) DO UPDATE SET version = v.version + 1, forgotten_version = v.version + 1",
            [firm_id],
        )


def write(firm_id: int, table: type[models.Model], records: Iterable[Record], synced_at: datetime) -> None:
    """Insert or replace records of one entity."""
    names = [field.attname for field in table._meta.local_concrete_fields if field.attname not in OURS]
    rows = [
        table(firm_id=firm_id, clio_id=record["id"], first_synced_at=synced_at, **{n: value(record, n) for n in names})
        for record in records
    ]
    table._base_manager.filter(firm_id=firm_id, clio_id__in=[record["id"] for record in records]).delete()
    table._base_manager.bulk_create(rows, batch_size=1000)


OURS = {"firm_id", "clio_id", "first_synced_at", "changed_at", "gone_at", "unknown_fields", "written_off"}


def value(record: Record, name: str) -> Any:
    """Return a column's value: the field itself, or a field of the nested object its name begins with."""
    if name in record:
        return exact(record[name])
    if name.endswith("_ids"):
        return [each["id"] for each in record.get(name.removesuffix("_ids") + "s") or []]
    parts = name.split("_")
    for at in range(len(parts) - 1, 0, -1):
        nested = record.get("_".join(parts[:at]))
        if isinstance(nested, dict):
            return exact(nested.get("_".join(parts[at:])))
    return None


def exact(found: Any) -> Any:
    """Return floats as the decimal that was written, documents as plain JSON, everything else as it is."""
    if isinstance(found, list | dict):
        return json.loads(json.dumps(found, default=str))
    return Decimal(str(found)) if isinstance(found, float) else found
