"""Entries a person's figures met but could not count (R13)."""

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts import Period
from apps.reports.queries.scoping import rows_in

# An entry may lack hours and money, and lie on several lines: it is one row all the same.
_HIDDEN = """
SELECT count(*) FROM (
    SELECT r.activity_id FROM reports_time r {join}
    WHERE r.firm_id = %(firm)s AND r.seconds IS NULL AND r.worked_on BETWEEN %(first)s AND %(last)s AND {work}
    UNION
    SELECT r.activity_id FROM reports_line r {join}
    WHERE r.firm_id = %(firm)s AND r.item = 'fee' AND r.worked IS NULL AND r.issued_on BETWEEN %(first)s AND %(last)s
      AND {bill}
    UNION
    SELECT r.activity_id FROM reports_time r {join} WHERE {unbilled} AND {work}
    UNION
    SELECT r.activity_id FROM reports_expense r {join} WHERE {unbilled} AND {work}
) hidden
"""
_UNBILLED = """r.firm_id = %(firm)s AND r.value IS NULL AND r.unbilled_as IS NOT NULL
      AND (r.billed_on IS NULL OR r.billed_on > %(last)s) AND r.worked_on <= %(last)s"""


def count_hidden_rows(*, scope: Scope, period: Period) -> int:
    """Return how many entries in scope hide hours worked in the period, money billed in it, or unbilled at its end."""
    work, bill = rows_in(scope), rows_in(scope, payer="r.payer_id")
    statement = _HIDDEN.format(join=work.join, work=work.condition, bill=bill.condition, unbilled=_UNBILLED)
    days = {"first": period.starts_on, "last": period.ends_on}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"firm": scope.firm_id, **days, **work.values})
        count: int = cursor.fetchone()[0]
    return count
