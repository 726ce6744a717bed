"""That nothing was counted twice: the trail of changes, former values, progress, and the figures of the ledger."""

from datetime import UTC, datetime, timedelta
from typing import Any

from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.faithful.life import Life
from tests.clio.faithful.truth import ENTITIES, records_of
from tests.reports.comparing import ours, theirs
from tests.reports.mirror import TABLES
from tests.reports.recompute import Books, Viewer

_TWICE = """
SELECT entity, version, coalesce(record_id::text, record_key) AS record, count(*) FROM clio_changes
WHERE firm_id = %s AND (record_id IS NOT NULL OR record_key IS NOT NULL)
GROUP BY entity, version, record HAVING count(*) > 1
"""
_BROKEN = """
SELECT entity, record, version, before FROM (
    SELECT entity, coalesce(record_id::text, record_key) AS record, version, lag(version) OVER record AS before,
           ROW(old_bill_id, old_matter_id, old_activity_id, old_user_id, old_date) AS was,
           ROW(lag(bill_id) OVER record, lag(matter_id) OVER record, lag(activity_id) OVER record,
               lag(user_id) OVER record, lag(date) OVER record) AS left_at
    FROM clio_changes WHERE firm_id = %s AND (record_id IS NOT NULL OR record_key IS NOT NULL)
    WINDOW record AS (PARTITION BY entity, record_id, record_key ORDER BY version)
) AS trail WHERE before IS NOT NULL AND was IS DISTINCT FROM left_at
"""
_LATE = """
SELECT entity, max(version) AS version FROM clio_changes WHERE firm_id = %s GROUP BY entity
HAVING max(version) > (SELECT version FROM clio_mirror_versions WHERE firm_id = %s)
"""
_REPEATED = """
SELECT entity, record_id, attribute, value FROM (
    SELECT entity, record_id, attribute, value, lag(value) OVER a AS before,
           lag(seen_from) OVER a AS seen_before
    FROM clio_history WHERE firm_id = %s
    WINDOW a AS (PARTITION BY entity, record_id, attribute ORDER BY seen_from)
) AS past WHERE seen_before IS NOT NULL AND value IS NOT DISTINCT FROM before
"""
_LAST = """
SELECT DISTINCT ON (entity, record_id, attribute) entity, record_id, attribute, value FROM clio_history
WHERE firm_id = %s ORDER BY entity, record_id, attribute, seen_from DESC
"""
_STEPS = """
SELECT step.entity, step.records, step.pages, sum(chain.records) AS chain_records, sum(chain.pages) AS chain_pages
FROM clio_sync_steps step JOIN clio_sync_chains chain ON chain.firm_id = step.firm_id AND chain.step_id = step.id
WHERE step.firm_id = %s AND step.state = 'done' GROUP BY step.id
HAVING step.records <> sum(chain.records) OR step.pages <> sum(chain.pages)
"""


def faults_of_trail(life: Life) -> list[str]:
    """Return what is wrong with the changes and former values that were kept."""
    ask, firm_id = life.stage.ask, life.firm_id
    found = [f"changed twice in one version: {dict(row)}" for row in ask(_TWICE, firm_id)]
    found += [f"a change was not told between two: {dict(row)}" for row in ask(_BROKEN, firm_id)]
    found += [f"changes after the version: {dict(row)}" for row in ask(_LATE, firm_id, firm_id)]
    found += [f"the same value kept twice: {dict(row)}" for row in ask(_REPEATED, firm_id)]
    for row in ask(_LAST, firm_id):
        (now,) = ask(
            f"SELECT {row['attribute']}::text AS value FROM clio_{row['entity']} WHERE firm_id = %s AND clio_id = %s",
            *(firm_id, row["record_id"]),
        )
        if now["value"] != row["value"]:
            found.append(f"the last value kept is not the present one: {dict(row)} {now['value']!r}")
    return found


def faults_of_progress(life: Life) -> list[str]:
    """Return where the counts of a run are not those of its lists, or of an entity not those of Clio."""
    found = [f"counted twice or not at all: {dict(row)}" for row in life.stage.ask(_STEPS, life.firm_id)]
    known = life.stage.ask("SELECT entity, records FROM clio_synced_entities WHERE firm_id = %s", life.firm_id)
    counted = {row["entity"]: row["records"] for row in known}
    served = {entity: len(records_of(life, entity)) for entity in ENTITIES}
    return found + [
        f"{entity}: {counted.get(entity)} are counted, Clio has {count}"
        for entity, count in served.items()
        if counted.get(entity) != count
    ]


def faults_of_inbox(life: Life) -> list[str]:
    """Return the deliveries of which it is not known what became."""
    rows = life.stage.ask(
        "SELECT model, outcome, count(*) FROM clio_webhook_deliveries WHERE firm_id = %s "
        "AND (handled_at IS NULL OR outcome NOT IN ('read', 'forbidden', 'given_up')) GROUP BY model, outcome",
        life.firm_id,
    )
    return [f"deliveries: {dict(row)}" for row in rows]


def faults_of_figures(life: Life) -> list[str]:
    """Return where the ledger's figures of the last year are not those of an independent recomputation."""
    rebuild_ledger(firm_id=life.firm_id, now=datetime.now(UTC))
    records = {name: [_plain(each) for each in records_of(life, name).values()] for name in TABLES}
    today = datetime.now(UTC).date()
    first = today - timedelta(days=365)
    mine = ours(life.firm_id, first, today, today, Viewer())
    other = theirs(Books(records, currency="USD", zone="UTC"), first, today, today, Viewer())
    return [
        f"figures {path}: {ours_is!r} by the ledger, {theirs_is!r} recomputed"
        for path, ours_is, theirs_is in _leaves(mine, other)
        if ours_is != theirs_is
    ]


_FIGURES = ("recorded_hours", "billed", "collected", "receivable")


def _leaves(mine: dict[str, Any], other: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    found = [("recorded_hours", mine["time"]["recorded_hours"], other["time"]["recorded_hours"])]
    for code in mine["currencies"].keys() | other["currencies"].keys():
        for name in _FIGURES[1:]:
            pair = [each["currencies"].get(code, {}).get(name) for each in (mine, other)]
            found.append((f"{code} {name}", *pair))
    return found


def _plain(value: Any) -> Any:
    """Return a record with numbers as Clio's JSON is commonly read."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | bool | int) else float(value)
