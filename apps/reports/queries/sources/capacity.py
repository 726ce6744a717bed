"""Hours and capacity side by side, person by person: who has no capacity leaves both sides (K3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.scope import Scope, ScopeKind
from apps.reports.contracts import Measure
from apps.reports.queries.scoping import people_in
from apps.reports.queries.sources.reading import Level, Piece, Reading
from apps.reports.queries.sources.rows import RowShape, by_levels, choose_rows, listed_measures

DAILY_HOURS = 8
_GATHERED = """
WITH hours AS MATERIALIZED (
    SELECT {listed}{bucket_of_work} AS bucket, {month} AS month, timekeeper_id, work_class, is_hidden,
           sum(seconds) AS seconds, sum(entries) AS entries
    FROM (
        SELECT {keys}r.worked_on AS day, r.timekeeper_id, r.work_class, r.seconds IS NULL AS is_hidden,
               sum(r.seconds) AS seconds, count(*) AS entries
        FROM reports_time r {joins}
        WHERE r.firm_id = %(firm)s AND r.worked_on BETWEEN {first} AND {last} AND {condition}
        GROUP BY {grouped}r.worked_on, r.timekeeper_id, r.work_class, r.seconds IS NULL
    ) g
    GROUP BY {listed}{bucket_of_work}, {month}, timekeeper_id, work_class, is_hidden
), days AS (
    SELECT day, {bucket_of_day} AS bucket, {month} AS month
    FROM (SELECT day::date AS day FROM generate_series({first}::timestamp, {last}::timestamp, interval '1 day') day
          WHERE extract(isodow FROM day) < 6) working
), capacity AS MATERIALIZED (
    SELECT {people_keys}d.bucket, d.month, r.timekeeper_id, count(*) * {hours_a_day} * 3600 AS available
    FROM reports_employment r {people_joins}
    JOIN days d ON d.day BETWEEN r.starts_on AND coalesce(r.ends_on, 'infinity')
    WHERE r.firm_id = %(firm)s AND {people}
    GROUP BY {people_grouped}d.bucket, d.month, r.timekeeper_id
), placed AS (
    SELECT {listed}bucket, month, timekeeper_id, work_class, is_hidden, entries, seconds, NULL::numeric AS available
    FROM hours
    UNION ALL
    SELECT {listed}bucket, month, timekeeper_id, NULL, false, 0, NULL, available FROM capacity
)
{levels}
"""


@dataclass(frozen=True, slots=True)
class CapacitySource:
    """Time entries and days of employment. `is_measured`: the person has capacity within the row's own level.

    Where the scope is by practice area, group or client `available` is never offered: capacity has no such parts.
    is_by_month: a row is a person's calendar month, cut at the ends of the period and of its pieces, with what was
    available and what was recorded in it.
    """

    hours: RowShape
    people: RowShape
    is_by_month: bool = False

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        work = choose_rows(reading, self.hours)
        test = people_in(reading.scope)
        people = choose_rows(reading, self.people, test)
        sums = listed_measures(measures)
        text = _GATHERED.format(
            listed="".join(f"k{place}, " for place in range(len(reading.dimensions))),
            keys=work.selected,
            grouped=work.grouped,
            joins=work.joins,
            condition=work.condition,
            people_keys=people.selected,
            people_grouped=people.grouped,
            people_joins=people.joins,
            people=people.condition,
            bucket_of_work=reading.bucket_of("day"),
            bucket_of_day=reading.bucket_of("day"),
            first=reading.value("first"),
            last=reading.value("last"),
            hours_a_day=DAILY_HOURS,
            month="date_trunc('month', day::timestamp)::date" if self.is_by_month else "NULL::date",
            levels=by_levels(reading, _by_month if self.is_by_month else _measured, sums),
        )
        return Piece(text, {**work.values, **people.values, "has_people": offers_capacity(reading.scope)})


def _measured(level: Level) -> str:
    within = ", ".join([*level, "timekeeper_id"])
    return f"SELECT placed.*, sum(available) OVER (PARTITION BY {within}) > 0 AS is_measured FROM placed"  # noqa: S608


def _by_month(level: Level) -> str:
    within = ", ".join([*level, "timekeeper_id", "month"])
    sums = "sum(available) AS available, sum(seconds) AS seconds"
    return f"SELECT {within}, {sums} FROM placed GROUP BY {within}"  # noqa: S608


def offers_capacity(scope: Scope) -> bool:
    """Tell whether a scope names people as such: a grant by practice area, group or client has no capacity."""
    return scope.kind is not ScopeKind.SUBSET or bool(people_in(scope).values["people"])


_HOURS, _PEOPLE = RowShape(currency=""), RowShape(matter="", currency="")
CAPACITY = CapacitySource(_HOURS, _PEOPLE)
UNTRACKED = CapacitySource(_HOURS, _PEOPLE, is_by_month=True)
