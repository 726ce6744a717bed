"""What was planned, spread over the working days of its months, beside what was done (K4, K44)."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from apps.accounts.interface import HoursTarget, list_hours_targets
from apps.core.money import minor_digits
from apps.core.scope import Grant, Scope, ScopeKind
from apps.reports import models
from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.scoping import RowTest, people_in
from apps.reports.queries.sources.capacity import offers_capacity
from apps.reports.queries.sources.dated import DatedSource
from apps.reports.queries.sources.kept_plan import KeptTarget, kept_targets, kept_working_days
from apps.reports.queries.sources.matters import OF_MATTERS
from apps.reports.queries.sources.reading import Level, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import EXACT, RowShape, by_levels, choose_rows, listed_measures
from apps.reports.rules.periods import add_months

# How many days of a month and piece count towards a plan: its working days, or all days of a month that has none.
_COUNTED = """
calendar AS (
    SELECT day, month, is_working, is_working OR bool_or(is_working) OVER (PARTITION BY month) IS FALSE AS counts
    FROM (SELECT day::date AS day, date_trunc('month', day)::date AS month,
                 {is_working} AS is_working
          FROM generate_series({months_first}::timestamp, {months_last}::timestamp, interval '1 day') day) d
), counted AS (
    SELECT days.month, days.bucket, whole.days AS whole_days, count(*) FILTER (WHERE days.counts) AS days,
           count(*) FILTER (WHERE days.counts AND days.day <= {last}) AS days_to_date,
           count(*) FILTER (WHERE days.is_working AND days.day > {last}) AS days_left
    FROM (SELECT c.*, {bucket_of_day} AS bucket FROM calendar c WHERE c.day BETWEEN {first} AND {whole_last}) days
    JOIN (SELECT month, count(*) FILTER (WHERE counts) AS days FROM calendar GROUP BY month) whole USING (month)
    WHERE {is_begun}
    GROUP BY days.month, days.bucket, whole.days
)"""
_IS_WORKING = (
    "extract(isodow FROM day)::int = ANY(%(working_days)s::smallint[]) AND day::date <> ALL(%(holidays)s::date[])"
)
_ENTRIES = """(SELECT x.*, x.worked_on AS day FROM reports_time x WHERE x.firm_id = %(firm)s
          AND x.worked_on BETWEEN {first} AND {last} AND x.work_class = ANY(%(billable_classes)s::text[]))"""
_HOURS = """
WITH hours AS (
    SELECT {keys}{bucket_of_work} AS bucket, r.timekeeper_id, sum(r.seconds) AS seconds,
           count(*) FILTER (WHERE r.seconds IS NULL) AS entries
    FROM {entries} r {joins}
    WHERE {condition}
    GROUP BY {grouped}{bucket_of_work}, r.timekeeper_id
), {counted}, planned AS (
    SELECT {people_keys}d.bucket, r.timekeeper_id, sum(r.amount::{exact} * d.days / d.whole_days) AS target,
           sum(r.amount::{exact} * d.days_to_date / d.whole_days) AS target_to_date, sum(d.days_left) AS days_left
    FROM (SELECT %(firm)s::bigint AS firm_id, plan.* FROM
          unnest({people_ids}::bigint[], {plan_months}::date[], {amounts}::numeric[], {plan_roles}::text[])
          AS plan(timekeeper_id, month, amount, role)) r {people_joins}
    JOIN counted d ON d.month = r.month
    WHERE {people}
    GROUP BY {people_grouped}d.bucket, r.timekeeper_id
), placed AS (
    SELECT {listed}bucket, timekeeper_id, seconds, entries, NULL::numeric AS target, NULL::numeric AS target_to_date,
           NULL::numeric AS days_left
    FROM hours
    UNION ALL
    SELECT {listed}bucket, timekeeper_id, NULL, 0, target, target_to_date, days_left FROM planned
)
{levels}
"""
_PLAN = """
WITH {counted}, placed AS (
    SELECT {people_keys}d.bucket, r.measure, r.amount::{exact} * d.days_to_date / d.whole_days AS target
    FROM (SELECT %(firm)s::bigint AS firm_id, plan.* FROM
          unnest({person_ids}::bigint[], {area_ids}::bigint[], {plan_months}::date[], {plan_measures}::text[],
                 {amounts}::numeric[]) AS plan(timekeeper_id, practice_area_id, month, measure, amount)) r
    JOIN counted d ON d.month = r.month
    WHERE {condition}
)
{levels}
"""
# A target is a person's, a practice area's, or the firm's, which is nobody's in particular.
TARGET_ID = "coalesce(r.timekeeper_id, r.practice_area_id, 0)"
TARGET_PART = "r.measure || ' ' || to_char(r.month, 'YYYY-MM')"
_PEOPLE_APART: Mapping[Dimension | RowKey, str] = {RowKey.ID: "r.timekeeper_id"}
PERSON, AREA, FIRM = "person", "area", "firm"


class PlannedMonth(NamedTuple):
    """A month's target of a person, a practice area, or (neither named) the firm. amount: money in minor units."""

    timekeeper_id: int | None
    practice_area_id: int | None
    month: date
    measure: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TargetHoursSource:
    """Billable hours and target hours, person by person: who has no target leaves both sides.

    `target`: of the whole period, days to come included; `target_to_date`: of its days up to today; `days_left`:
    working days to come in it. `entries`: those of hidden hours. work: the billable entries, with their `day`.
    """

    hours: RowShape
    shape: RowShape
    work: str = _ENTRIES

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        work = choose_rows(reading, self.hours)
        people = choose_rows(reading, self.shape, people_in(reading.scope))
        targets = list(_hours_of_people(reading))
        text = _HOURS.format(
            exact=EXACT,
            counted=_counted(reading),
            entries=self.work.format(first=reading.value("first"), last=reading.value("last")),
            listed="".join(f"k{place}, " for place in range(len(reading.dimensions))),
            keys=work.selected,
            grouped=work.grouped,
            joins=work.joins,
            condition=work.condition,
            people_keys=people.selected,
            people_grouped=people.grouped,
            people_joins=people.joins,
            people=people.condition,
            bucket_of_work=reading.bucket_of("r.day"),
            first=reading.value("first"),
            last=reading.value("last"),
            people_ids=reading.value("people_ids"),
            plan_months=reading.value("months_of_hours"),
            amounts=reading.value("amounts"),
            plan_roles=reading.value("plan_roles"),
            levels=by_levels(reading, _by_person, listed_measures(measures)),
        )
        values = {
            "people_ids": [each.timekeeper_id for each in targets],
            "months_of_hours": [each.month for each in targets],
            "amounts": [each.amount * 3600 for each in targets],
            "plan_roles": [each.role for each in targets],
        }
        named = _named(reading, values) | {"has_people": offers_capacity(reading.scope)}
        return Piece(text, {**work.values, **people.values, **named})


@dataclass(frozen=True, slots=True)
class PlanSource:
    """The firm's targets, a month's spread over its working days up to today; money in minor units, hours in seconds.

    Which targets: of people or of practice areas where a question tells them apart, else the firm's; to somebody who
    does not see the whole firm those of the people they see all of, or else of such practice areas.
    """

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape, RowTest())
        targets = list(targets_of(reading))
        text = _PLAN.format(
            exact=EXACT,
            counted=_counted(reading),
            people_keys=chosen.selected,
            condition=chosen.condition,
            person_ids=reading.value("person_ids"),
            area_ids=reading.value("area_ids"),
            plan_months=reading.value("plan_months"),
            plan_measures=reading.value("plan_measures"),
            amounts=reading.value("plan_amounts"),
            levels=by_levels(reading, lambda _: "SELECT * FROM placed", listed_measures(measures)),
        )
        names = ("person_ids", "area_ids", "plan_months", "plan_measures", "plan_amounts")
        columns: dict[str, Any] = {name: [target[at] for target in targets] for at, name in enumerate(names)}
        return Piece(text, {**chosen.values, **_named(reading, columns)})


def targets_of(reading: Reading) -> Iterator[PlannedMonth]:
    """Yield the targets a reading is about, of its months up to today; hours in seconds."""
    kind = kind_of(reading)
    scope, digits = reading.scope, minor_digits(reading.currency or "")
    factors = {"hours": Decimal(3600), "billed": Decimal(10**digits), "collected": Decimal(10**digits)}
    rows: Iterable[models.Target | KeptTarget] = (
        _rows_kept(reading, kind) if reading.is_frozen else _rows(reading, kind)
    )
    for row in rows:
        amount = row.amount * factors.get(row.measure, 1)
        yield PlannedMonth(row.timekeeper_id, row.practice_area_id, row.month, row.measure, amount)
    if kind == PERSON and not reading.is_frozen:
        admitted = _people(scope)
        for person, month, hours in hours_by_month(reading):
            if hours and month <= reading.last and (admitted is None or person in admitted):
                yield PlannedMonth(person, None, month, "hours", hours * 3600)


def _rows_kept(reading: Reading, kind: str) -> Iterator[KeptTarget]:
    """Yield the targets of closed months by the same rules as `_rows` picks those of today."""
    subjects = subjects_in(reading.scope, kind)
    for row in kept_targets(reading):
        subject = row.timekeeper_id if kind == PERSON else row.practice_area_id
        is_of_kind = kind == _kind_of(row) and (kind != FIRM or reading.scope.is_whole_firm)
        if is_of_kind and row.currency in (None, reading.currency) and (subjects is None or subject in subjects):
            yield row


def _kind_of(row: KeptTarget) -> str:
    return PERSON if row.timekeeper_id is not None else AREA if row.practice_area_id is not None else FIRM


def _hours_of_people(reading: Reading) -> Iterator[KeptTarget]:
    """Yield people's target hours month by month, as they are or as closed months kept them."""
    if reading.is_frozen:
        yield from (row for row in kept_targets(reading) if row.measure == "hours" and _kind_of(row) == PERSON)
        return
    for person, month, hours in hours_by_month(reading):
        yield KeptTarget(person, None, month, "hours", hours, None, None)


def hours_by_month(reading: Reading) -> Iterator[tuple[int, date, Decimal]]:
    """Yield person, month and hours of every month of the reading in which a target of hours holds."""
    return _monthly(_hours_targets(reading.scope.firm_id), reading)


def _hours_targets(firm_id: int) -> list[HoursTarget]:
    """Return the targets of people's hours, without those of users who stand under another: the main one's hold."""
    merged = set(models.MergedTimekeeper.objects.filter(firm_id=firm_id).values_list("timekeeper_id", flat=True))
    return [target for target in list_hours_targets(firm_id=firm_id) if target.timekeeper_id not in merged]


def _rows(reading: Reading, kind: str) -> QuerySet[models.Target]:
    scope, months = reading.scope, (reading.first.replace(day=1), reading.last)
    rows = models.Target.objects.filter(firm_id=scope.firm_id, month__range=months)
    state = models.LedgerState.objects.filter(firm_id=scope.firm_id).values_list("currency", flat=True).first()
    own = [reading.currency, ""] if reading.currency == state else [reading.currency]
    rows = rows.filter(Q(currency__in=own) | Q(measure__in=("hours", "new_matters")))
    if kind == PERSON:
        people = _people(scope)
        found = rows.filter(timekeeper_id__isnull=False)
        return found if people is None else found.filter(timekeeper_id__in=people)
    if kind == AREA:
        found = rows.filter(practice_area_id__isnull=False)
        return found if scope.is_whole_firm else found.filter(practice_area_id__in=_areas(scope))
    if kind == FIRM and scope.is_whole_firm:
        return rows.filter(timekeeper_id=None, practice_area_id=None)
    return rows.none()


def kind_of(reading: Reading) -> str:
    """Return whose targets a reading is about; none where it tells both people and practice areas apart."""
    asked = {*reading.dimensions, *reading.filters}
    if {Dimension.TIMEKEEPER, Dimension.PRACTICE_AREA} <= asked:
        return ""
    if Dimension.TIMEKEEPER in asked:
        return PERSON
    if Dimension.PRACTICE_AREA in asked:
        return AREA
    if reading.scope.is_whole_firm:
        return FIRM
    return PERSON if offers_capacity(reading.scope) else AREA


def subjects_in(scope: Scope, kind: str) -> list[int] | None:
    """Return the people, or practice areas, a scope holds wholly; None is all there are."""
    if scope.is_whole_firm or not kind:
        return None
    return _people(scope) if kind == PERSON else _areas(scope)


def _people(scope: Scope) -> list[int] | None:
    """Return the people somebody sees as such; None is everybody."""
    if scope.kind is ScopeKind.WHOLE_FIRM:
        return None
    people: list[int] = people_in(scope).values["people"]
    return people


def _areas(scope: Scope) -> list[int]:
    """Return the practice areas somebody sees all of."""

    def is_plain(grant: Grant) -> bool:
        return not (grant.timekeeper_ids or grant.group_ids or grant.client_ids)

    return [area for grant in scope.grants if is_plain(grant) for area in grant.practice_area_ids]


def _monthly(spans: Sequence[HoursTarget], reading: Reading) -> Iterator[tuple[int, date, Decimal]]:
    """Yield person, month and hours of every month of the reading in which a target holds."""
    last = reading.whole_last or reading.last
    for span in spans:
        month = max(span.starts_on, reading.first.replace(day=1))
        while month <= last and (span.ends_before is None or month < span.ends_before):
            yield span.timekeeper_id, month, span.monthly_hours
            month = add_months(month, 1)


def _by_person(level: Level) -> str:
    within = ", ".join([*level, "timekeeper_id"])
    added = ("seconds", "entries", "target", "target_to_date", "days_left")
    sums = ", ".join(["sum(entries) > 0 AS is_hidden", *(f"sum({name}) AS {name}" for name in added)])
    return f"SELECT {within}, {sums} FROM placed GROUP BY {within}"


def _counted(reading: Reading) -> str:
    begun = f"bucket <= {reading.bucket_of(reading.value('last') + '::date')}" if reading.grain else "true"
    return _COUNTED.format(
        is_working=f"day::date = ANY({reading.value('kept_days')}::date[])" if reading.is_frozen else _IS_WORKING,
        bucket_of_day=reading.bucket_of("c.day"),
        is_begun=begun,
        months_first=reading.value("months_first"),
        months_last=reading.value("months_last"),
        first=reading.value("first"),
        last=reading.value("last"),
        whole_last=reading.value("whole_last"),
    )


def _named(reading: Reading, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the calendar's, by the names the reading gives them."""
    last = reading.whole_last or reading.last
    calendar = {
        "months_first": reading.first.replace(day=1),
        "months_last": add_months(last.replace(day=1), 1) - timedelta(days=1),
        "whole_last": last,
        **({"kept_days": kept_working_days(reading)} if reading.is_frozen else {}),
    }
    return {
        "working_days": list(reading.calendar.working_days),
        "holidays": list(reading.calendar.holidays),
        **{f"{reading.prefix}{name}": value for name, value in {**calendar, **values}.items()},
    }


_OF_PEOPLE = RowShape(currency="", own=_PEOPLE_APART)
TARGET_HOURS = TargetHoursSource(_OF_PEOPLE, RowShape(matter="", currency="", own=_PEOPLE_APART))
PLAN = PlanSource(
    RowShape(
        matter="",
        currency="",
        own={
            Dimension.PRACTICE_AREA: "r.practice_area_id",
            RowKey.ID: TARGET_ID,
            RowKey.PART: TARGET_PART,
        },
    )
)
# New matters under who brought them.
MATTERS_BROUGHT_BY = DatedSource(
    "reports_matter",
    "opened_on",
    shape=replace(OF_MATTERS, own={**(OF_MATTERS.own or {}), Dimension.TIMEKEEPER: "r.originating_id"}),
)
