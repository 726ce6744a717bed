"""Payments that were deleted and entered again after their month was closed (kpis.md section 8, case 5)."""

from collections.abc import Collection

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts.closing import ReEntered

# A paid bill is edited in Clio by deleting its payment and entering it again: another id, perhaps another day. The same
# bill and the same amount make it the same payment; of several the first goes with the first. Money that is new must
# have come after the close, which Clio's rising ids tell.
_PAIRS = """
WITH closes AS (
    SELECT id, last_allocation_id FROM reports_periodclose WHERE firm_id = %(firm)s AND reopened_at IS NULL
), kept AS (
    SELECT f.row_id AS allocation_id, (f.keys ->> 'bill')::bigint AS bill_id, min(f.placed_on) AS settled_on,
           sum((f.figures ->> 'net')::numeric + (f.figures ->> 'taxes')::numeric) AS amount,
           min(closes.last_allocation_id) AS last_allocation_id
    FROM closes JOIN reports_frozen_row f ON f.firm_id = %(firm)s AND f.close_id = closes.id
    WHERE f.family = 'settled' AND f.figures ->> 'kind' = 'payment'
      AND (f.keys ->> 'bill')::bigint = ANY(%(bills)s::bigint[])
    GROUP BY 1, 2
), live AS (
    SELECT allocation_id, bill_id, min(settled_on) AS settled_on, sum(net + tax + secondary_tax) AS amount
    FROM reports_settle
    WHERE firm_id = %(firm)s AND kind = 'payment' AND bill_id = ANY(%(bills)s::bigint[])
    GROUP BY 1, 2
), gone AS (
    SELECT kept.*, row_number() OVER (PARTITION BY bill_id, amount ORDER BY settled_on, allocation_id) AS place
    FROM kept WHERE NOT EXISTS (SELECT FROM live WHERE live.allocation_id = kept.allocation_id)
), fresh AS (
    SELECT live.*, row_number() OVER (PARTITION BY bill_id, amount ORDER BY settled_on, allocation_id) AS place
    FROM live
    WHERE allocation_id > (SELECT min(last_allocation_id) FROM gone WHERE gone.bill_id = live.bill_id)
)
SELECT gone.allocation_id, gone.settled_on, fresh.allocation_id, fresh.settled_on
FROM gone JOIN fresh USING (bill_id, amount, place)
"""


def find_re_entered(*, scope: Scope, bill_ids: Collection[int]) -> dict[int, ReEntered]:
    """Return the other half of payments that were entered again, by allocation: of the old the new, and the reverse."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"firm": scope.firm_id, "bills": sorted(bill_ids)})
        pairs = cursor.fetchall()
    found = {old: ReEntered(new, new_on) for old, _, new, new_on in pairs}
    return found | {new: ReEntered(old, old_on) for old, old_on, new, _ in pairs}
