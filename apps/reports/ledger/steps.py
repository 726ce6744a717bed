"""The first build of a ledger in steps of bounded size. Until the last one there is no ledger to readers."""

from dataclasses import dataclass, replace

from django.db import connection

from apps.reports.ledger.changes import MOST_CHANGES, Standpoint, find_changed_part
from apps.reports.ledger.part import LedgerPart
from apps.reports.models import LEDGER_TABLES, LedgerProgress
from apps.reports.models.state import LEDGER_REVISION

_ENTRIES = """
SELECT activity_id FROM clio_out_activities
WHERE firm_id = %(firm)s AND activity_id > %(after)s ORDER BY activity_id LIMIT %(most)s OFFSET %(skipped)s
"""
_BILLS = """
SELECT bill_id FROM clio_out_bills
WHERE firm_id = %(firm)s AND bill_id > %(after)s ORDER BY bill_id LIMIT %(most)s OFFSET %(skipped)s
"""


@dataclass(frozen=True, slots=True)
class StepSize:
    """How many entries, or bills, are built in one transaction, and how many changes are followed one by one."""

    entries: int = 100_000
    bills: int = 10_000
    changes: int = MOST_CHANGES


def next_step(whole: LedgerPart, *, mirror_version: int, size: StepSize) -> tuple[LedgerPart, bool]:
    """Return what to build next of a ledger that does not stand yet, and whether it stands after that.

    A mirror that fits into one step is built in one. Otherwise progress is noted in the same transaction: the steps are
    made from the mirror as each finds it, and the last one takes in what changed since the first. Call it inside the
    firm's snapshot, while nobody else builds.
    """
    progress = LedgerProgress.objects.filter(firm_id=whole.firm_id).first()
    if progress is None or _settings(progress) != _settings_of(whole):
        if _fits(whole.firm_id, size):
            return _forget_progress(whole), True
        progress = _begin(whole, mirror_version)
    if progress.stage == LedgerProgress.Stage.ACTIVITIES:
        if ids := _next_ids(_ENTRIES, whole.firm_id, size.entries, after=progress.after_id):
            return _noted(progress, replace(whole, activity_ids=ids), ids), False
        progress.stage, progress.after_id = LedgerProgress.Stage.BILLS, 0
    if ids := _next_ids(_BILLS, whole.firm_id, size.bills, after=progress.after_id):
        return _noted(progress, replace(whole, bill_ids=ids), ids), False
    changed = find_changed_part(whole, Standpoint(progress.mirror_version, progress.built_for), most=size.changes)
    return _forget_progress(whole if changed.is_whole else replace(changed, rest=True)), True


def _settings(progress: LedgerProgress) -> tuple[int, str, str, int]:
    return progress.revision, progress.currency, progress.time_zone, progress.settings_version


def _settings_of(whole: LedgerPart) -> tuple[int, str, str, int]:
    return LEDGER_REVISION, whole.currency, whole.time_zone, whole.settings_version


def _fits(firm_id: int, size: StepSize) -> bool:
    more_entries = _next_ids(_ENTRIES, firm_id, 1, skipped=size.entries)
    return not more_entries and not _next_ids(_BILLS, firm_id, 1, skipped=size.bills)


def _begin(whole: LedgerPart, mirror_version: int) -> LedgerProgress:
    for table in LEDGER_TABLES:  # what a build under other settings left
        table.objects.filter(firm_id=whole.firm_id)._raw_delete("default")
    progress, _ = LedgerProgress.objects.update_or_create(
        firm_id=whole.firm_id,
        defaults={
            "stage": LedgerProgress.Stage.ACTIVITIES,
            "after_id": 0,
            "mirror_version": mirror_version,
            "revision": LEDGER_REVISION,
            "currency": whole.currency,
            "time_zone": whole.time_zone,
            "settings_version": whole.settings_version,
            "built_for": whole.today,
        },
    )
    return progress


def _noted(progress: LedgerProgress, part: LedgerPart, ids: tuple[int, ...]) -> LedgerPart:
    progress.after_id = ids[-1]
    progress.save(update_fields=["stage", "after_id"])
    return part


def _forget_progress(part: LedgerPart) -> LedgerPart:
    LedgerProgress.objects.filter(firm_id=part.firm_id).delete()
    return part


def _next_ids(query: str, firm_id: int, most: int, *, after: int = 0, skipped: int = 0) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"firm": firm_id, "after": after, "most": most, "skipped": skipped})
        return tuple(row[0] for row in cursor.fetchall())
