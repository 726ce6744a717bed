"""Facts kept in step with the ledger: what a part takes away and brings is merged in by month and by year."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Iterable
from datetime import date

from apps.reports.ledger.part import Builder, Statement
from apps.reports.queries.sources.facts import ALL_FACTS, OF_YEARS, Depth, Facts

Days = tuple[str, str]
_ALWAYS: Days = ("'-infinity'::date", "'infinity'::date")
_OF_YEAR: Days = ("%(first)s", "%(last)s")
_STATE = "SELECT built_for FROM reports_facts_state WHERE firm_id = %(firm)s"
_BILLS_OF_ENTRIES = """
SELECT DISTINCT bill_id FROM clio_out_line_items
WHERE firm_id = %(firm)s AND activity_id = ANY(%(activities)s::bigint[]) AND bill_id IS NOT NULL
"""
_NOTE = """
INSERT INTO reports_facts_state (firm_id, built_for, due_on)
SELECT %(firm)s, %(today)s,
       least((SELECT min(issued_on) FROM reports_bill WHERE firm_id = %(firm)s AND issued_on > %(today)s),
             (SELECT min(settled_on) FROM reports_settle WHERE firm_id = %(firm)s AND settled_on > %(today)s))
ON CONFLICT (firm_id) DO UPDATE SET built_for = excluded.built_for, due_on = excluded.due_on
"""
# What was just written has no statistics yet, and a nested loop over what looks like a handful of rows never ends.
_LOOPS = "SELECT set_config('enable_nestloop', '{state}', true)"
# A month or a year is few keys of many rows: merged by those alone, every row meets every key of its month.
_ONLY_HASHES = "SELECT set_config('enable_nestloop', '{state}', true), set_config('enable_mergejoin', '{state}', true)"
_GATHERED = """
SELECT date_trunc('month', r.{placed_on}::timestamp)::date AS month, {keys}, {kinds}, {sums},
       {sign} * count(*) AS entries
FROM {rows} r
WHERE r.firm_id = %(firm)s AND isfinite(r.{placed_on}) AND {applied} AND {which}
GROUP BY 1, {keys}, {kind_expressions}
"""
_LEVELED = """
SELECT CASE WHEN GROUPING(timekeeper_id) = 1 THEN {matter} WHEN GROUPING(matter_id) = 1 THEN {person} ELSE {both} END
       + CASE WHEN GROUPING(month) = 1 THEN {of_years} ELSE 0 END AS depth,
       coalesce(month, year) AS month, {keys}, {names}, {sums}, sum(entries) AS entries
FROM (SELECT x.*, date_trunc('year', x.month::timestamp)::date AS year FROM {rows} x) given
GROUP BY GROUPING SETS ((month), (year)),
         GROUPING SETS ((currency, {names}, timekeeper_id), (currency, {names}, {of_matter}), ({keys}, {names}))
"""
_YEARS = """
SELECT DISTINCT date_trunc('year', day::timestamp)::date FROM (
    SELECT worked_on AS day FROM reports_time WHERE firm_id = %(firm)s
    UNION SELECT issued_on FROM reports_bill WHERE firm_id = %(firm)s
    UNION SELECT settled_on FROM reports_settle WHERE firm_id = %(firm)s
) days WHERE isfinite(day) ORDER BY 1
"""
_WHOLE = """
INSERT INTO {table} (firm_id, depth, month, {columns}, entries)
SELECT %(firm)s, depth, month, {columns}, entries FROM ({leveled}) leveled
ORDER BY depth, month, timekeeper_id
"""
# Keys that end up with no entry are gone; a key may be met by several kinds, so all of its rows of the month go around.
_MERGE = """
WITH moved AS MATERIALIZED ({leveled} HAVING sum(entries) <> 0{changed}),
gone AS (
    DELETE FROM {table} f
    USING (SELECT DISTINCT depth, month, coalesce(timekeeper_id, 0) AS person, coalesce(matter_id, 0) AS matter
           FROM moved) m
    WHERE f.firm_id = %(firm)s AND f.depth = ANY(ARRAY(SELECT DISTINCT depth FROM moved)::smallint[])
      AND f.month = ANY(ARRAY(SELECT DISTINCT month FROM moved)) AND f.depth = m.depth
      AND f.month = m.month AND coalesce(f.timekeeper_id, 0) = m.person AND coalesce(f.matter_id, 0) = m.matter
    RETURNING f.*
)
INSERT INTO {table} (firm_id, depth, month, {columns}, entries)
SELECT %(firm)s, depth, month, {keys}, {names}, {sums}, sum(entries)
FROM (SELECT depth, month, {columns}, entries FROM gone UNION ALL SELECT depth, month, {columns}, entries FROM moved) x
GROUP BY depth, month, {keys}, {names} HAVING sum(entries) <> 0
"""


def take_out(builder: Builder) -> None:
    """Note what the part's rows count for before they are exchanged."""
    before = _built_for(builder)
    if before is None or builder.part.is_whole:
        return
    builder.values["before"] = before
    builder.values["bills_of_entries"] = [row[0] for row in builder.fetch(_BILLS_OF_ENTRIES)]
    for facts in ALL_FACTS:
        gathered = _gathered(facts, as_of="%(before)s", which=_part(builder, facts, before), sign="-1")
        builder.run(f"DROP TABLE IF EXISTS pg_temp.{_moved(facts)}")
        builder.run(f"CREATE TEMP TABLE {_moved(facts)} ON COMMIT DROP AS {gathered}")


def put_in(builder: Builder) -> None:
    """Bring the facts up to the ledger once the part's rows are exchanged; a ledger just finished gets all of them.

    While a first ledger is built in steps there are none.
    """
    before = _built_for(builder)
    if builder.part.is_whole or (before is None and builder.part.rest):
        builder.run(_LOOPS.format(state="off"))
        _put_in_all(builder)
        builder.run(_LOOPS.format(state="on"))
    elif before is not None:
        for facts in ALL_FACTS:
            gathered = _gathered(facts, as_of="%(today)s", which=_part(builder, facts, before))
            builder.run(f"INSERT INTO {_moved(facts)} {gathered}")
            builder.run(_ONLY_HASHES.format(state="off"), _merge(facts), _ONLY_HASHES.format(state="on"))
    else:
        return
    builder.run(_NOTE)


def _put_in_all(builder: Builder) -> None:
    """Make all facts anew, year by year, so that no statement takes long however far back the records go."""
    years = [row[0] for row in builder.fetch(_YEARS)]
    for facts in ALL_FACTS:
        builder.run(f"DELETE FROM {facts.table} WHERE firm_id = %(firm)s")
        for year in years:
            builder.run(_whole(facts), first=year, last=year.replace(month=12, day=31))


def _built_for(builder: Builder) -> date | None:
    found = builder.fetch(_STATE)
    return found[0][0] if found else None


def _part(builder: Builder, facts: Facts, before: date) -> str:
    """Return the condition of the rows that may count for something else, the same before and after."""
    if not facts.due_on or builder.part.today <= before:
        return facts.part
    return f"({facts.part} OR (r.{facts.due_on} > %(before)s AND r.{facts.due_on} <= %(today)s))"


def _moved(facts: Facts) -> str:
    return f"part_{facts.table.removeprefix('reports_')}"


def _gathered(facts: Facts, *, as_of: str, which: str, sign: str = "1", days: Days = _ALWAYS) -> Statement:
    first, last = days
    sums = [f"{sign} * sum({each.format(as_of=as_of)})::numeric AS {name}" for name, each in facts.columns.items()]
    return _GATHERED.format(
        placed_on=facts.placed_on,
        keys=", ".join(f"r.{key}" for key in facts.keys),
        kinds=_listed(f"{expression} AS {name}" for name, expression in facts.kinds.items()),
        kind_expressions=_listed(facts.kinds.values()),
        sums=_listed(sums),
        sign=sign,
        rows=facts.rows,
        applied=facts.applied.format(as_of=as_of, first=first, last=last),
        which=which,
    )


def _leveled(facts: Facts, rows: str) -> Statement:
    return _LEVELED.format(
        matter=Depth.MATTER.value,
        person=Depth.PERSON.value,
        both=Depth.BOTH.value,
        of_years=OF_YEARS,
        keys=_listed(facts.keys),
        of_matter=_listed(key for key in facts.keys if key not in ("timekeeper_id", "currency")),
        names=_listed(facts.kinds),
        sums=_sums(facts),
        rows=rows,
    )


def _whole(facts: Facts) -> Statement:
    in_year = _gathered(
        facts, as_of="%(today)s", which=f"r.{facts.placed_on} BETWEEN %(first)s AND %(last)s", days=_OF_YEAR
    )
    leveled = _leveled(facts, f"({in_year})")
    return _WHOLE.format(table=facts.table, columns=_columns(facts), leveled=leveled)


def _merge(facts: Facts) -> Statement:
    return _MERGE.format(
        table=facts.table,
        leveled=_leveled(facts, _moved(facts)),
        changed="".join(f" OR sum({name}) <> 0" for name in facts.columns),
        columns=_columns(facts),
        keys=_listed(facts.keys),
        names=_listed(facts.kinds),
        sums=_sums(facts),
    )


def _columns(facts: Facts) -> str:
    return _listed([*facts.keys, *facts.kinds, *facts.columns])


def _sums(facts: Facts) -> str:
    return _listed(f"sum({name}) AS {name}" for name in facts.columns)


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)
