"""The firms whose numbers are measured, put straight into the mirror's tables, and kept from one run to the next."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from apps.accounts.interface import create_firm, register_person
from apps.clio.mirror import ENTITIES
from apps.core.database_owner import owner_connection
from apps.core.tenancy import tenant
from apps.reports.interface import rebuild_ledger

TIMEKEEPERS = 60
# In the middle of a month: facts of whole months do not answer alone.
NOW = datetime(2026, 10, 17, 18, tzinfo=UTC)
_MIRROR = Path(__file__).with_name("numbers_mirror.sql")


@dataclass(frozen=True, slots=True)
class Size:
    """How many activities over how many months up to the bench's today."""

    activities: int
    months: int


# As many a year in both: what differs is how far back their records go.
LARGE, SMALL = Size(1_000_000, 120), Size(100_000, 12)


def find_firm(size: Size) -> tuple[int, float]:
    """Return the firm of a size with its ledger up to date, and the seconds the ledger took; 0 if it was there."""
    firm_id = _kept_firm(size) or make_firm(size)
    started = time.perf_counter()
    outcome = rebuild_ledger(firm_id=firm_id, now=NOW)
    if outcome.status == "current":
        return firm_id, 0.0
    seconds = time.perf_counter() - started
    settle()
    return firm_id, seconds


def make_firm(size: Size) -> int:
    """Put a firm's mirror there; it has no ledger yet."""
    firms_name = _name(size)
    owner_id = register_person(email=f"{firms_name}@example.com", name="Bench", password=secrets.token_urlsafe(24))
    firm_id = create_firm(owner_id=owner_id, name=firms_name, time_zone="UTC", currency="USD").firm_id
    values: dict[str, Any] = {
        "firm": firm_id,
        "people": TIMEKEEPERS,
        "months": size.months,
        "activities": size.activities,
        "entities": [entity.name for entity in ENTITIES],
    }
    with tenant(firm_id), connection.cursor() as cursor:
        for statement in _MIRROR.read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
    settle()
    return firm_id


def settle() -> None:
    """Do what autovacuum would have done by the time somebody asks."""
    with owner_connection(), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(clio|reports)_'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"VACUUM ANALYZE {table}")


def _kept_firm(size: Size) -> int | None:
    with owner_connection(), connection.cursor() as cursor:
        # The version is written last: one without it was never finished.
        cursor.execute(
            "SELECT id FROM accounts_firm JOIN clio_mirror_versions ON firm_id = id WHERE name = %s", [_name(size)]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _name(size: Size) -> str:
    """Name the firm by all it is made from, so that a firm of former ways is not taken for it."""
    recipe = hashlib.sha256(f"{TIMEKEEPERS} {size} {_MIRROR.read_text()}".encode()).hexdigest()
    return f"bench-{size.activities}-{recipe[:12]}"
