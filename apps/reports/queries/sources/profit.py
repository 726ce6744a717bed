"""What work cost, and what matters brought in and cost, in a period and from the beginning to a day (K28 to K30)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apps.core.money import UNUSUAL_MINOR_DIGITS
from apps.reports.contracts import Measure
from apps.reports.queries.sources.dated import BILLED, OF_ENTRIES, SETTLED, WORKED, DatedSource, person_months
from apps.reports.queries.sources.expenses import EXPENSES
from apps.reports.queries.sources.facts import TIME_FACTS
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import EXACT, RowShape
from apps.reports.queries.sources.to_date import ToDateSource

_ON_MATTERS = "r.matter_id IS NOT NULL"
FACTORS = json.dumps({code: 10**digits for code, digits in UNUSUAL_MINOR_DIGITS.items()})
# Cost rates are in the firm's currency, whatever the work is billed in.
_FIRMS_CURRENCY = "(SELECT x.currency FROM reports_ledger_state x WHERE x.firm_id = %(firm)s)"
_OF_COST = RowShape(currency=_FIRMS_CURRENCY, own=OF_ENTRIES)

COSTED = DatedSource(
    "reports_time",
    "worked_on",
    {"is_uncosted": "(r.cost IS NULL)", "has_matter": "(r.matter_id IS NOT NULL)"},
    {"cost": "r.cost", "seconds": "r.seconds"},
    _OF_COST,
    facts=TIME_FACTS,
)
# Hours of partners and of everybody else: as the firm keeps it for the day of the work. Whom it makes a partner on a
# day was none before; of anybody else the job title tells until then.
RANKED = DatedSource(
    """(
    SELECT t.*, coalesce(k.is_partner, x.is_partner, false) AS is_partner
    FROM reports_time t
    LEFT JOIN reports_person x ON x.firm_id = t.firm_id AND x.timekeeper_id = t.timekeeper_id
    LEFT JOIN (
        SELECT w.timekeeper_id, w.is_partner, w.starts_on,
               coalesce(lead(w.starts_on) OVER (PARTITION BY w.timekeeper_id ORDER BY w.starts_on), 'infinity')
                   AS ends_before
        FROM (SELECT timekeeper_id, is_partner, starts_on FROM reports_working_time
              WHERE firm_id = %(firm)s AND is_partner IS NOT NULL
              UNION ALL
              SELECT timekeeper_id, false, '-infinity' FROM reports_working_time
              WHERE firm_id = %(firm)s AND is_partner IS NOT NULL
              GROUP BY timekeeper_id HAVING (array_agg(is_partner ORDER BY starts_on))[1]) w
    ) k
      ON k.timekeeper_id = t.timekeeper_id AND t.worked_on >= k.starts_on AND t.worked_on < k.ends_before
)""",
    "worked_on",
    {"is_partner": "r.is_partner", "is_hidden": "(r.seconds IS NULL)"},
    {"seconds": "r.seconds"},
    RowShape(currency="", own=OF_ENTRIES),
)


def to_date(dated: DatedSource) -> ToDateSource:
    """Return the same rows from the beginning to a day."""
    given = (dated.table, dated.placed_on, dated.kinds, dated.columns, dated.shape, dated.extra)
    return ToDateSource(*given, facts=dated.facts)


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
           (c.pay + c.benefits + c.overhead)::{exact} * coalesce((%(factors)s::jsonb ->> {currency})::int, 100)
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


def paid_days(first: str, last: str) -> str:
    """Return the rows of people's paid days, by the placeholders of the days; they name the value `factors` too."""
    return _PAID_DAYS.format(exact=EXACT, currency=_FIRMS_CURRENCY, first=first, last=last)


@dataclass(frozen=True, slots=True)
class PaidDaysSource:
    """What people cost by the day, whether they work or not (K28)."""

    columns: Mapping[str, str]
    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        days = paid_days(reading.value("first"), reading.value("last"))
        piece = DatedSource(days, "day", columns=self.columns, shape=self.shape).piece(reading, measures)
        return Piece(piece.text, {**piece.values, "factors": FACTORS})


PAID_DAYS = PaidDaysSource(
    {"cost": "r.cost"}, RowShape(matter="", currency=_FIRMS_CURRENCY, own=person_months("r.day"))
)
