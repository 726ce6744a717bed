"""Short ways to put records into a mirror, and to look at the trail they leave."""

import json
import time
from typing import Any

from django.db import connection

from apps.clio.contracts import Written
from apps.clio.mirror import ENTITY_BY_NAME
from apps.clio.mirror.gone import finish_reading, mark_gone
from apps.clio.mirror.rows import lines_by_id
from apps.clio.mirror.write import write_batch
from apps.core.tenancy import tenant

_CHANGES = """
SELECT version, entity, record_id, record_key, columns, bill_id, old_bill_id, matter_id, old_matter_id, activity_id,
       old_activity_id, user_id, old_user_id, date, old_date
FROM clio_changes WHERE version > %s ORDER BY version, entity, record_id, record_key
"""


def write(
    firm: Any, name: str, *records: dict[str, Any], reading: int | None = None, asked_at: float | None = None
) -> Written:
    """Write records of an entity as if a page had brought them, asked for just now."""
    entity = ENTITY_BY_NAME[name]
    page = json.dumps(records[0] if entity.is_single else records).encode()
    asked_at = time.monotonic() if asked_at is None else asked_at
    lines = lines_by_id(entity, page).values()
    with tenant(firm.firm_id):
        return write_batch(entity, firm_id=firm.firm_id, lines=lines, asked_at=asked_at, reading=reading)


def gone(firm: Any, name: str, *ids: int | str) -> Written:
    """Mark records as gone."""
    with tenant(firm.firm_id):
        return mark_gone(ENTITY_BY_NAME[name], firm_id=firm.firm_id, ids=ids)


def finish(firm: Any, name: str, reading: int) -> Written:
    """End a whole reading."""
    with tenant(firm.firm_id):
        return finish_reading(ENTITY_BY_NAME[name], firm_id=firm.firm_id, reading=reading)


def completed(firm: Any, *names: str) -> None:
    """Note that the first reading of entities came to its end."""
    with tenant(firm.firm_id), connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                "INSERT INTO clio_synced_entities (firm_id, entity, first_completed_at) VALUES (%s, %s, now())",
                [firm.firm_id, name],
            )


def changes(firm: Any, *, after: int = 0) -> list[dict[str, Any]]:
    """Return the changes noted after a version, each without what it leaves empty."""
    with tenant(firm.firm_id, read_only=True), connection.cursor() as cursor:
        cursor.execute(_CHANGES, [after])
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    return [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows]
