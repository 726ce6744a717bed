"""Whether a firm's monthly facts may stand in for its ledger."""

from datetime import date

from django.db import connection

_STANDS = """
SELECT EXISTS (SELECT FROM reports_facts_state
               WHERE firm_id = %(firm)s AND built_for <= %(as_of)s AND (due_on IS NULL OR due_on > %(as_of)s))
"""


def facts_stand(*, firm_id: int, as_of: date) -> bool:
    """Tell whether facts count what is dated up to a day, no more and no less."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, {"firm": firm_id, "as_of": as_of})
        return bool(cursor.fetchone()[0])
