"""Periodic jobs: the first beat to take a slot runs it, every other one stops."""

import time
from collections.abc import Callable
from types import MappingProxyType

from django.db import connection, transaction

from apps.core.jobs.sweep import sweep_jobs

_TAKE_SLOT = """
INSERT INTO core_periodicrun (name, slot) VALUES (%s, %s) ON CONFLICT (name, slot) DO NOTHING RETURNING id
"""
_FORGET_OLD = "DELETE FROM core_periodicrun WHERE name = %s AND started_at < now() - interval '2 days'"
_periodic: dict[str, tuple[Callable[[], object], int]] = {}


def periodic(name: str, run: Callable[[], object], *, every_seconds: int) -> None:
    """Register what a periodic job does; `every_seconds` is the width of the slot in which it may run once."""
    _periodic[name] = (run, every_seconds)


def registered_periodic() -> MappingProxyType[str, tuple[Callable[[], object], int]]:
    """Return all periodic jobs by name."""
    return MappingProxyType(_periodic)


def run_periodic(*, name: str) -> bool:
    """Run the job if this slot is still free; tell whether it ran."""
    run, every_seconds = _periodic[name]
    slot = int(time.time()) // every_seconds * every_seconds
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET_OLD, [name])
        cursor.execute(_TAKE_SLOT, [name, slot])
        if cursor.fetchone() is None:
            return False
    run()
    return True


periodic("core.sweep_jobs", sweep_jobs, every_seconds=15)
