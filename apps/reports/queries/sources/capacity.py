"""Hours and capacity side by side, person by person: who has no capacity leaves both sides (K3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.core.scope import Scope, ScopeKind
from apps.reports.contracts import Dimension, Grain, Measure
from apps.reports.contracts.kept import CapacityBasis
from apps.reports.queries.scoping import people_in
from apps.reports.queries.sources import person_days
from apps.reports.queries.sources.dated import TIME, DatedSource, person_months
from apps.reports.queries.sources.reading import Level, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import RowShape, beside_rows, by_levels, choose_rows, listed_measures

_GATHERED = """
WITH hours AS MATERIALIZED (
    SELECT {listed}{bucket_of_work} AS bucket, {month} AS month, {person} AS timekeeper_id, work_class, is_hidden,
           sum(seconds) AS seconds, sum(entries) AS entries
    FROM ({worked}) g
    GROUP BY {listed}{bucket_of_work}, {month}, {person}, work_class, is_hidden
), days AS (
    SELECT day, {bucket_of_day} AS bucket, {month} AS month
    FROM (SELECT day::date AS day
          FROM generate_series({first}::timestamp, {last}::timestamp, interval '1 day') day) every
), capacity AS MATERIALIZED (
{capacity}
), placed AS (
    SELECT {listed}bucket, month, timekeeper_id, work_class, is_hidden, entries, seconds, NULL::numeric AS available
    FROM hours
    UNION ALL
    SELECT {listed}bucket, month, timekeeper_id, NULL, false, 0, NULL, available FROM capacity
)
{levels}
"""

# K2 by the calendar: working days of the person or the firm, less holidays and leave, by hours and share of full time.
_BY_CALENDAR = """
    SELECT {people_keys}d.bucket, d.month, r.timekeeper_id, sum(r.fte * coalesce(r.daily_hours, %(daily_hours)s) * 3600
               * CASE WHEN away.percent IS NULL THEN 1 ELSE greatest(1 - away.percent / 100, 0) END) AS available
    FROM reports_employment r {people_joins}
    JOIN days d ON d.day BETWEEN r.starts_on AND coalesce(r.ends_on, 'infinity')
               AND extract(isodow FROM d.day)::int = ANY(coalesce(r.working_days, %(working_days)s::smallint[]))
    LEFT JOIN reports_leave away ON away.firm_id = %(firm)s AND away.timekeeper_id = r.timekeeper_id
                                AND d.day BETWEEN away.starts_on AND away.ends_on
    WHERE r.firm_id = %(firm)s AND d.day <> ALL(%(holidays)s::date[]) AND {people}
    GROUP BY {people_grouped}d.bucket, d.month, r.timekeeper_id
"""
# K2 as Clio has it: eight hours on 260 days a year, spread over the days of the months in which somebody has an entry.
_AS_CLIO = """
    SELECT {people_keys}d.bucket, d.month, r.timekeeper_id,
           sum(8 * 3600 * 260 / 12.0
               / extract(day FROM date_trunc('month', d.day::timestamp) + interval '1 month -1 day')
               * coalesce(cardinality(r.working_days), 5) / 5.0) AS available
    FROM reports_employment r {people_joins}
    JOIN days d ON d.day BETWEEN r.starts_on AND coalesce(r.ends_on, 'infinity')
    JOIN (SELECT DISTINCT timekeeper_id, date_trunc('month', worked_on::timestamp) AS month FROM reports_time
          WHERE firm_id = %(firm)s AND worked_on <= {as_of}
            AND worked_on BETWEEN date_trunc('month', {first}::timestamp)
                              AND date_trunc('month', {last}::timestamp) + interval '1 month') active
      ON active.timekeeper_id = r.timekeeper_id AND active.month = date_trunc('month', d.day::timestamp)
    WHERE r.firm_id = %(firm)s AND {people}
    GROUP BY {people_grouped}d.bucket, d.month, r.timekeeper_id
"""

_DAYS_APART = """(
    WITH days AS (
        SELECT day::date AS day, day::date AS bucket, NULL::date AS month
        FROM generate_series({first}::timestamp, {last}::timestamp, interval '1 day') every(day)
    ), capacity AS (
{capacity}
    )
    SELECT %(firm)s::bigint AS firm_id, timekeeper_id, NULL::bigint AS matter_id, bucket AS day, available FROM capacity
)"""


_CUT = {None: "NULL::date", Grain.MONTH: "date_trunc('month', day::timestamp)::date", Grain.DAY: "day"}
PERSON_OF_DAY = "(r.timekeeper_id)"


@dataclass(frozen=True, slots=True)
class CapacitySource:
    """Time entries and days of employment. `is_measured`: the person has capacity within the row's own level.

    Where the scope is by practice area, group or client `available` is never offered: capacity has no such parts.
    cut: a row is a person's calendar month, cut at the ends of the period and of its pieces, or a person's day, with
    what was available and what was recorded in it. work: where the entries are. by_day: the rows of what was available,
    where they are kept day by day instead of being worked out.
    """

    hours: RowShape
    people: RowShape
    cut: Grain | None = None
    work: DatedSource = TIME
    by_day: str = ""

    @property
    def shape(self) -> RowShape:
        """Tell how its rows carry the dimensions: hours and days of employment alike."""
        return self.hours

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        is_by_day = not self.by_day and person_days.may_answer(reading)
        worked = self._worked(reading, all_kinds=is_by_day)
        test = people_in(reading.scope)
        people = choose_rows(reading, self.people, test)
        sums = listed_measures(measures)
        capacity = (self.by_day or _worked_out(reading)).format(
            people_keys=people.selected,
            people_grouped=people.grouped,
            people_joins=people.joins,
            people=people.condition,
            first=reading.value("first"),
            last=reading.value("last"),
            as_of=reading.value("as_of"),
        )
        of_days = self.cut is Grain.DAY and not self.by_day and person_days.is_of_people(reading)
        if is_by_day or of_days:
            values = {**worked.values, **people.values, **_of_calendar(reading)}
            given = Piece(worked.text, {**values, "has_people": offers_capacity(reading.scope)})
            return person_days.piece(reading, given, capacity, self.cut, sums)
        text = _GATHERED.format(
            listed="".join(f"k{place}, " for place in range(len(reading.dimensions))),
            worked=worked.text,
            person=f"k{len(reading.dimensions)}",
            capacity=capacity,
            bucket_of_work=reading.bucket_of("day"),
            bucket_of_day=reading.bucket_of("day"),
            first=reading.value("first"),
            last=reading.value("last"),
            month=_CUT[self.cut],
            levels=by_levels(reading, _by_month if self.cut else lambda level: _measured(level, reading), sums),
        )
        values = {**worked.values, **people.values, **_of_calendar(reading)}
        return Piece(text, {**values, "has_people": offers_capacity(reading.scope)})

    def _worked(self, reading: Reading, *, all_kinds: bool) -> Piece:
        """Return the hours by key, person (the key behind those of the reading), day or month, and kind.

        all_kinds: with whatever else time entries tell, so that they need not be read again.
        """
        chosen = choose_rows(reading, self.hours)
        by_person = replace(chosen, keys=(*chosen.keys, "r.timekeeper_id"))
        # Facts of whole years would tell nothing of a year's months.
        if self.cut is Grain.DAY or (self.cut and reading.grain in (None, Grain.YEAR)):
            reading = replace(reading, grain=self.cut)
        if all_kinds:
            return self.work.rows(reading, by_person, self.work.kinds, self.work.columns)
        kinds = {name: self.work.kinds[name] for name in ("work_class", "is_hidden")}
        return self.work.rows(reading, by_person, kinds, {"seconds": self.work.columns["seconds"]})


def available_days(reading: Reading) -> Piece:
    """Return what everybody had available day by day: firm_id, timekeeper_id, no matter_id, day, available."""
    capacity = _worked_out(reading).format(
        people_keys="",
        people_grouped="",
        people_joins="",
        people="true",
        first=reading.value("first"),
        last=reading.value("last"),
        as_of=reading.value("as_of"),
    )
    days = _DAYS_APART.format(capacity=capacity, first=reading.value("first"), last=reading.value("last"))
    return Piece(days, {**reading.values(), **_of_calendar(reading)})


def _worked_out(reading: Reading) -> str:
    by_clio = reading.calendar.rules.capacity_basis is CapacityBasis.CLIO
    return _AS_CLIO if by_clio else _BY_CALENDAR


def _of_calendar(reading: Reading) -> dict[str, Any]:
    return {
        "working_days": list(reading.calendar.working_days),
        "holidays": list(reading.calendar.holidays),
        "daily_hours": reading.calendar.daily_hours,
    }


def _measured(level: Level, reading: Reading) -> str:
    within = ", ".join([*beside_rows(level, reading), "timekeeper_id"])
    return f"SELECT placed.*, sum(available) OVER (PARTITION BY {within}) > 0 AS is_measured FROM placed"  # noqa: S608


def _by_month(level: Level) -> str:
    within = ", ".join([*level, "timekeeper_id", "month"])
    sums = (
        "sum(available) AS available, sum(seconds) AS seconds, bool_or(is_hidden) AND sum(available) > 0 AS is_hidden"
    )
    sums = f"{sums}, sum(entries) AS written, sum(entries) FILTER (WHERE is_hidden) AS entries"
    return f"SELECT {within}, {sums} FROM placed GROUP BY {within}"  # noqa: S608


def offers_capacity(scope: Scope) -> bool:
    """Tell whether a scope names people as such: a grant by practice area, group or client has no capacity."""
    return scope.kind is not ScopeKind.SUBSET or bool(people_in(scope).values["people"])


def _person_days(day: str) -> Mapping[Dimension | RowKey, str]:
    """Return what tells a person's days from one another, by the SQL of a row's day."""
    return {RowKey.ID: PERSON_OF_DAY, RowKey.PART: f"to_char({day}, 'YYYY-MM-DD')"}


_HOURS = RowShape(currency="", own=person_months("r.worked_on"))
_PEOPLE = RowShape(matter="", currency="", own=person_months("d.day"))
CAPACITY = CapacitySource(_HOURS, _PEOPLE)
UNTRACKED = CapacitySource(_HOURS, _PEOPLE, cut=Grain.MONTH)
PERSON_DAYS = CapacitySource(
    RowShape(currency="", own=_person_days("r.worked_on")),
    RowShape(matter="", currency="", own=_person_days("d.day")),
    cut=Grain.DAY,
)
