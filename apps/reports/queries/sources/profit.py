"""What work cost, and what matters brought in and cost, in a period and from the beginning to a day (K28 to K30)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apps.core.money import UNUSUAL_MINOR_DIGITS
from apps.reports.contracts import Measure
from apps.reports.queries.sources.dated import BILLED, OF_ENTRIES, SETTLED, WORKED, DatedSource, person_months
from apps.reports.queries.sources.expenses import EXPENSES
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import RowShape
from apps.reports.queries.sources.to_date import ToDateSource

_ON_MATTERS = "r.matter_id IS NOT NULL"
_FACTORS = json.dumps({code: 10**digits for code, digits in UNUSUAL_MINOR_DIGITS.items()})
# Cost rates are in the firm's currency, whatever the work is billed in.
_FIRMS_CURRENCY = "(SELECT x.currency FROM reports_ledger_state x WHERE x.firm_id = %(firm)s)"
_OF_COST = RowShape(currency=_FIRMS_CURRENCY, own=OF_ENTRIES)

COSTED = DatedSource(
    "reports_time",
    "worked_on",
    {"is_uncosted": "(r.cost IS NULL)", "has_matter": "(r.matter_id IS NOT NULL)"},
    {"cost": "r.cost", "seconds": "r.seconds"},
    _OF_COST,
)
# Hours of partners and of everybody else.
RANKED = DatedSource(
    """(
    SELECT t.firm_id, t.activity_id, t.worked_on, t.timekeeper_id, t.matter_id, t.seconds,
           coalesce(x.is_partner, false) AS is_partner
    FROM reports_time t
    LEFT JOIN reports_person x ON x.firm_id = t.firm_id AND x.timekeeper_id = t.timekeeper_id
)""",
    "worked_on",
    {"is_partner": "r.is_partner"},
    {"seconds": "r.seconds"},
    RowShape(currency="", own=OF_ENTRIES),
)


def to_date(dated: DatedSource) -> ToDateSource:
    """Return the same rows from the beginning to a day."""
    return ToDateSource(dated.table, dated.placed_on, dated.kinds, dated.columns, dated.shape, dated.extra)


def _on_matters(dated: DatedSource, also: str = "") -> DatedSource:
    return replace(dated, extra=f"{_ON_MATTERS}{also}")


COSTED_TO_DATE = to_date(_on_matters(COSTED))
MATTERS_COLLECTED = _on_matters(SETTLED, " AND r.kind = 'payment'")
MATTERS_COLLECTED_TO_DATE = to_date(MATTERS_COLLECTED)
MATTERS_BILLED = _on_matters(BILLED)
MATTERS_BILLED_TO_DATE = to_date(MATTERS_BILLED)
MATTERS_WORKED = _on_matters(WORKED)
MATTERS_WORKED_TO_DATE = to_date(MATTERS_WORKED)
MATTERS_SPENT = _on_matters(EXPENSES)
MATTERS_SPENT_TO_DATE = to_date(MATTERS_SPENT)


# A year's cost by the day: over the days of the year, as far as the person has capacity and the row holds.
_PAID_DAYS = """(
    SELECT e.firm_id, e.timekeeper_id, NULL::bigint AS matter_id, d.day::date AS day,
           (c.pay + c.benefits + c.overhead) * coalesce((%(factors)s::jsonb ->> {currency})::int, 100)
           / (make_date(extract(year FROM d.day)::int + 1, 1, 1) - make_date(extract(year FROM d.day)::int, 1, 1))
           AS cost
    FROM reports_employment e
    JOIN (SELECT k.*, coalesce(lead(k.starts_on) OVER (PARTITION BY k.timekeeper_id ORDER BY k.starts_on), 'infinity')
                 AS ends_before
          FROM reports_cost_rate k WHERE k.firm_id = %(firm)s) c ON c.timekeeper_id = e.timekeeper_id
    CROSS JOIN LATERAL generate_series(greatest(e.starts_on, c.starts_on, {first})::timestamp,
                                       least(e.ends_on, c.ends_before - 1, {last})::timestamp, interval '1 day') d(day)
    WHERE e.firm_id = %(firm)s
)"""


@dataclass(frozen=True, slots=True)
class PaidDaysSource:
    """What people cost by the day, whether they work or not (K28)."""

    columns: Mapping[str, str]
    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        days = _PAID_DAYS.format(currency=_FIRMS_CURRENCY, first=reading.value("first"), last=reading.value("last"))
        piece = DatedSource(days, "day", columns=self.columns, shape=self.shape).piece(reading, measures)
        return Piece(piece.text, {**piece.values, "factors": _FACTORS})


PAID_DAYS = PaidDaysSource(
    {"cost": "r.cost"}, RowShape(matter="", currency=_FIRMS_CURRENCY, own=person_months("r.day"))
)
