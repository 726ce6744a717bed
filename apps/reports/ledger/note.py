"""Write down what a ledger was built from and what was noticed; without it there is no ledger to readers."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from datetime import datetime
from typing import Any

from django.db import connection

from apps.reports.ledger.part import LedgerPart
from apps.reports.models.state import LEDGER_REVISION

_OF_ALL = " UNION ".join(
    f"SELECT currency FROM {table} WHERE firm_id = %(firm)s"
    for table in ("reports_bill", "reports_time", "reports_expense")
)
# A currency that left a part may still be elsewhere: those in use are found at once, others are rare.
_KNOWN = "SELECT unnest(currencies) FROM reports_ledger_state WHERE firm_id = %(firm)s"
_OF_ENTRIES, _OF_BILLS = "SELECT currency FROM part_activity", "SELECT currency FROM part_bill"
_STILL_USED = " OR ".join(
    f"EXISTS (SELECT FROM {table} WHERE firm_id = %(firm)s AND currency = used)"
    for table in ("reports_bill", "reports_expense", "reports_time")
)
_NOTE = f"""
INSERT INTO reports_ledger_state AS s (firm_id, generation, mirror_version, revision, currency, time_zone, built_at,
                                       built_for, settings_version, stale_on, currencies, unreconciled_bills,
                                       unbalanced_bills, hidden_rows)
SELECT %(firm)s, 1, %(version)s, %(revision)s, %(currency)s, %(zone)s, %(now)s, %(today)s, %(settings)s,
       least((SELECT min(worked_on) FROM reports_time WHERE firm_id = %(firm)s AND worked_on > %(today)s),
             (SELECT min(settled_on) FROM reports_settle WHERE firm_id = %(firm)s AND settled_on > %(today)s),
             (SELECT min(charged_on) FROM reports_interest WHERE firm_id = %(firm)s AND charged_on > %(today)s)),
       ARRAY(SELECT used FROM ({{currencies}}) candidates(used) WHERE {_STILL_USED} ORDER BY used),
       count(*) FILTER (WHERE unreconciled <> 0), count(*) FILTER (WHERE NOT is_balanced),
       (SELECT count(*) FROM reports_time WHERE firm_id = %(firm)s AND (seconds IS NULL OR value IS NULL))
       + (SELECT count(*) FROM reports_expense WHERE firm_id = %(firm)s AND value IS NULL)
FROM reports_bill WHERE firm_id = %(firm)s AND (unreconciled <> 0 OR NOT is_balanced)
ON CONFLICT (firm_id) DO UPDATE SET generation = s.generation + 1, mirror_version = excluded.mirror_version,
    revision = excluded.revision, stale_on = excluded.stale_on, currencies = excluded.currencies,
    currency = excluded.currency, time_zone = excluded.time_zone, built_at = excluded.built_at,
    built_for = excluded.built_for, settings_version = excluded.settings_version,
    unreconciled_bills = excluded.unreconciled_bills,
    unbalanced_bills = excluded.unbalanced_bills, hidden_rows = excluded.hidden_rows
"""


def note_build(part: LedgerPart, *, mirror_version: int, now: datetime) -> None:
    """Say that the ledger stands at a version of the mirror, after `part` was built in the same transaction."""
    values: dict[str, Any] = {
        "firm": part.firm_id,
        "version": mirror_version,
        "revision": LEDGER_REVISION,
        "currency": part.currency,
        "zone": part.time_zone,
        "now": now,
        "today": part.today,
        "settings": part.settings_version,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE.format(currencies=_candidates(part)), values)


def _candidates(part: LedgerPart) -> str:
    if part.is_whole or part.rest:
        return _OF_ALL
    entries = [_OF_ENTRIES] if part.has_bills or part.has_activities else []
    return " UNION ".join([_KNOWN, *entries, *([_OF_BILLS] if part.has_bills else [])])
