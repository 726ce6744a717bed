"""Whether a firm's monthly facts may stand in for its ledger."""

from datetime import date

from django.db import connection

from apps.reports.models.state import LEDGER_REVISION

_STANDS = """
SELECT EXISTS (SELECT FROM reports_facts_state f JOIN reports_ledger_state l USING (firm_id)
               WHERE firm_id = %(firm)s AND f.built_for <= %(as_of)s AND (f.due_on IS NULL OR f.due_on > %(as_of)s)
                 AND l.revision = %(revision)s)
"""


def facts_stand(*, firm_id: int, as_of: date) -> bool:
    """Tell whether facts count what is dated up to a day, no more and no less.

    Those of another revision of the ledger do not: what this one adds up may not be there, or stand for something else.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, {"firm": firm_id, "as_of": as_of, "revision": LEDGER_REVISION})
        return bool(cursor.fetchone()[0])
