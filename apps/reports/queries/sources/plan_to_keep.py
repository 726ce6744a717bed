"""What a close keeps of a month's plan: every target as it stands, and the working days it is spread over."""

from typing import Any

from apps.reports import models
from apps.reports.contracts import Dimension
from apps.reports.queries.sources.plan import TARGET_ID, TARGET_PART, hours_by_month
from apps.reports.queries.sources.reading import Piece, Reading, RowKey
from apps.reports.queries.sources.rows import RowShape

# Amounts go through text, so that what is kept of them has the digits they were given with.
_TARGETS = """(
    SELECT %(firm)s::bigint AS firm_id, plan.*, NULL::bigint AS matter_id
    FROM unnest(%(kept_people)s::bigint[], %(kept_areas)s::bigint[], %(kept_months)s::date[], %(kept_measures)s::text[],
                %(kept_amounts)s::text[], %(kept_currencies)s::text[])
         AS plan(timekeeper_id, practice_area_id, month, measure, amount, currency)
)"""
_WORKDAYS = """(
    SELECT %(firm)s::bigint AS firm_id, day::date AS day, NULL::bigint AS matter_id
    FROM generate_series({first}::timestamp, {last}::timestamp, interval '1 day') day
    WHERE extract(isodow FROM day)::int = ANY(%(working_days)s::smallint[])
      AND day::date <> ALL(%(holidays)s::date[])
)"""
_NAMES = ("people", "areas", "months", "measures", "amounts", "currencies")
OF_TARGET = RowShape(
    matter="",
    own={Dimension.PRACTICE_AREA: "r.practice_area_id", RowKey.ID: TARGET_ID, RowKey.PART: TARGET_PART},
)
OF_WORKDAY = RowShape(timekeeper="", matter="", currency="")


def every_target(reading: Reading) -> Piece:
    """Return all targets of the reading's month as rows: of people, practice areas and the firm."""
    rows = [*_planned(reading), *_hours(reading)]
    values: dict[str, Any] = {f"kept_{name}": [row[at] for row in rows] for at, name in enumerate(_NAMES)}
    return Piece(_TARGETS, {"firm": reading.scope.firm_id, **values})


def every_working_day(reading: Reading) -> Piece:
    """Return the firm's working days of the reading's month as rows."""
    days = {"working_days": list(reading.calendar.working_days), "holidays": list(reading.calendar.holidays)}
    return Piece(_WORKDAYS.format(first=reading.value("first"), last=reading.value("last")), days)


def _planned(reading: Reading) -> list[tuple[Any, ...]]:
    firm_id = reading.scope.firm_id
    own = models.LedgerState.objects.filter(firm_id=firm_id).values_list("currency", flat=True).first()
    found = models.Target.objects.filter(firm_id=firm_id, month__range=(reading.first, reading.last))
    return [
        (
            each.timekeeper_id,
            each.practice_area_id,
            each.month,
            each.measure,
            str(each.amount),
            (each.currency or own) if each.measure in ("billed", "collected") else None,
        )
        for each in found.order_by("pk")
    ]


def _hours(reading: Reading) -> list[tuple[Any, ...]]:
    return [(person, None, month, "hours", str(hours), None) for person, month, hours in hours_by_month(reading)]
