"""How clients have paid and how often matters are billed, as known on a day: the inputs of the forecast (K45)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.queries.scoping import MATTER_JOIN, rows_in
from apps.reports.rules.forecast import Curve, Curves

# Client, practice area and firm, each from its own rows: GROUPING tells them apart.
_BILLED = """
SELECT GROUPING(client_id, area_id), client_id, area_id, count(DISTINCT bill_id), sum(amount)
FROM (
    SELECT coalesce(m.client_id, r.payer_id) AS client_id, m.practice_area_id AS area_id, r.bill_id,
           r.owed_net + r.owed_tax + r.owed_secondary_tax AS amount
    FROM reports_line r {join}
    WHERE r.firm_id = %(firm)s AND r.issued_on BETWEEN %(first)s AND %(last)s AND r.currency = %(currency)s AND {seen}
) b
GROUP BY GROUPING SETS ((client_id), (area_id), ())
"""
_PAID = """
SELECT GROUPING(client_id, area_id), client_id, area_id, days, sum(amount)
FROM (
    SELECT coalesce(m.client_id, r.payer_id) AS client_id, m.practice_area_id AS area_id,
           greatest(r.settled_on - r.issued_on, 0) AS days, r.net + r.tax + r.secondary_tax AS amount
    FROM reports_settle r {join}
    WHERE r.firm_id = %(firm)s AND r.issued_on BETWEEN %(first)s AND %(last)s AND r.currency = %(currency)s
      AND r.settled_on <= %(day)s AND r.kind = 'payment' AND r.item NOT IN ('interest', 'credit') AND {seen}
) p
GROUP BY GROUPING SETS ((client_id, days), (area_id, days), (days))
"""
_GAPS = """
SELECT matter_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY gap), max(issued_on)
FROM (
    SELECT matter_id, issued_on, issued_on - lag(issued_on) OVER (PARTITION BY matter_id ORDER BY issued_on) AS gap
    FROM (SELECT DISTINCT r.matter_id, r.issued_on FROM reports_line r {join}
          WHERE r.firm_id = %(firm)s AND r.issued_on <= %(day)s AND r.matter_id = ANY(%(matters)s::bigint[])
            AND {seen}) issued
) gaps
GROUP BY matter_id
"""
_ISSUED = "SELECT bill_id, issued_on FROM reports_bill WHERE firm_id = %(firm)s AND bill_id = ANY(%(bills)s::bigint[])"
# Of bills that were issued by the day, and of work done by then that was billed later. Time on contingency matters and
# contingency fees are no unbilled work (K22): nothing was expected of them, and nothing of them counts.
_CAME_IN = """
SELECT (r.settled_on - %(day)s - 1) / 7, sum(r.net + r.tax + r.secondary_tax)
FROM reports_settle r {join}
LEFT JOIN reports_time t ON t.firm_id = r.firm_id AND t.activity_id = r.activity_id
LEFT JOIN reports_expense e ON e.firm_id = r.firm_id AND e.activity_id = r.activity_id
WHERE r.firm_id = %(firm)s AND r.settled_on > %(day)s AND r.settled_on <= %(last)s AND r.currency = %(currency)s
  AND r.kind = 'payment' AND r.item NOT IN ('interest', 'credit') AND {seen}
  AND (r.issued_on <= %(day)s
       OR coalesce(t.worked_on, e.worked_on) <= %(day)s
          AND coalesce(t.unbilled_as, e.unbilled_as) IN ('fees', 'expenses'))
GROUP BY 1
"""
_FIRST_BILL = "SELECT min(issued_on) FROM reports_bill WHERE firm_id = %(firm)s"
_FIRST_BILL_SEEN = "SELECT min(r.issued_on) FROM reports_line r {join} WHERE r.firm_id = %(firm)s AND {seen}"
_OF_CLIENT, _OF_AREA, _OF_FIRM = 1, 2, 3


@dataclass(frozen=True, slots=True)
class BillingHabit:
    """How often a matter is billed. gap: the median of days between its bills; None: billed once."""

    gap: int | None
    last_on: date


def read_curves(*, scope: Scope, currency: str, first: date, last: date, day: date) -> Curves:
    """Return how much of the bills issued from first to last came in, by days from issue, up to a day."""
    test = rows_in(scope, payer="r.payer_id")
    values = {"firm": scope.firm_id, "currency": currency, "first": first, "last": last, "day": day, **test.values}
    named = {"join": MATTER_JOIN, "seen": test.condition}
    paid: dict[tuple[int, int | None], dict[int, int]] = defaultdict(dict)
    for level, client, area, days, amount in _fetch(_PAID.format(**named), values):
        paid[level, client if level == _OF_CLIENT else area][days] = int(amount)
    curves: dict[int, dict[int | None, Curve]] = defaultdict(dict)
    for level, client, area, bills, amount in _fetch(_BILLED.format(**named), values):
        key = client if level == _OF_CLIENT else area
        curves[level][key] = Curve.of(bills=bills, billed=int(amount or 0), paid=paid[level, key])
    return Curves(curves[_OF_FIRM].get(None, Curve(0)), curves[_OF_CLIENT], curves[_OF_AREA])


def read_billing_habits(*, scope: Scope, matter_ids: Iterable[int], day: date) -> dict[int, BillingHabit]:
    """Return how often matters were billed up to a day, by the lines in scope; matters never billed are missing."""
    test = rows_in(scope, payer="r.payer_id")
    values = {"firm": scope.firm_id, "matters": list(matter_ids), "day": day, **test.values}
    return {
        matter: BillingHabit(None if gap is None else whole_days(Decimal(gap)), last_on)
        for matter, gap, last_on in _fetch(_GAPS.format(join=test.join, seen=test.condition), values)
    }


def whole_days(days: Decimal) -> int:
    """Return a number of days as bills can wait them: whole, halves away from zero."""
    return int(days.to_integral_value(ROUND_HALF_UP))


def read_issue_dates(*, scope: Scope, bill_ids: Iterable[int]) -> dict[int, date]:
    """Return the issue dates of bills that are in scope."""
    return dict(_fetch(_ISSUED, {"firm": scope.firm_id, "bills": list(bill_ids)}))


def sum_came_in(*, scope: Scope, currency: str, day: date, weeks: int) -> list[int]:
    """Return what each week after a day brought on what stood open or unbilled on it, in minor units."""
    test = rows_in(scope, payer="r.payer_id")
    last = day + timedelta(days=7 * weeks)
    values = {"firm": scope.firm_id, "currency": currency, "day": day, "last": last, **test.values}
    found = dict(_fetch(_CAME_IN.format(join=MATTER_JOIN, seen=test.condition), values))
    return [int(found.get(week, 0)) for week in range(weeks)]


def find_first_bill(*, scope: Scope) -> date | None:
    """Return the day of the first approved bill with a line in scope (the firm's, if all of it is), or None."""
    test = rows_in(scope, payer="r.payer_id")
    of_part = _FIRST_BILL_SEEN.format(join=test.join, seen=test.condition)
    rows = _fetch(_FIRST_BILL if scope.is_whole_firm else of_part, {"firm": scope.firm_id, **test.values})
    first: date | None = rows[0][0]
    return first


def _fetch(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
