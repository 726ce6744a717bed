"""How current the mirror is, as clio publishes it."""

from django.db import connection

from apps.reports.contracts import Freshness, Source

_FRESHNESS = """
SELECT (SELECT version FROM clio_out_version WHERE firm_id = %(firm)s), array_agg(entity) FILTER (WHERE settled),
       array_agg(entity) FILTER (WHERE refused), min(last_completed_at) FILTER (WHERE entity = ANY(%(needed)s))
FROM clio_out_sync WHERE firm_id = %(firm)s
"""
_ON_BILLS = frozenset({"bills", "line_items", "activities", "matters", "interest_charges"})
# What each source of figures is made from.
READ_FOR = {
    Source.TIME: frozenset({"users", "matters", "activities"}),
    Source.CAPACITY: frozenset({"users", "matters", "activities"}),
    Source.BILLED: _ON_BILLS,
    Source.INTEREST: frozenset({"bills", "matters", "interest_charges"}),
    Source.SETTLED: _ON_BILLS | {"allocations", "credit_memos"},
    Source.COHORT: _ON_BILLS | {"allocations", "credit_memos"},
    Source.UNBILLED: frozenset({"activities", "matters", "bills", "line_items"}),
    Source.RECEIVABLE: _ON_BILLS | {"allocations", "credit_memos"},
    Source.UNTRACKED: frozenset({"users", "matters", "activities"}),
    Source.WORKED: frozenset({"users", "matters", "activities", "bills", "line_items"}),
    Source.WORK_BILLED: _ON_BILLS,
    Source.WORK_COLLECTED: _ON_BILLS | {"allocations", "credit_memos"},
    Source.BILLED_LINES: _ON_BILLS,
    Source.RECEIVED: _ON_BILLS | {"allocations", "credit_memos"},
    Source.PAYMENTS: _ON_BILLS | {"allocations", "credit_memos"},
    Source.PAID_UP: _ON_BILLS | {"allocations", "credit_memos"},
    Source.TIME_TO_DATE: frozenset({"users", "matters", "activities"}),
    Source.SETTLED_TO_DATE: _ON_BILLS | {"allocations", "credit_memos"},
}
NEEDED = frozenset[str]().union(*READ_FOR.values())


def read_freshness(*, firm_id: int) -> Freshness:
    """Return how current the mirror is, by the oldest of what is needed; call it inside the firm's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_FRESHNESS, {"firm": firm_id, "needed": sorted(NEEDED)})
        version, settled, refused, last_synced_at = cursor.fetchone()
    return Freshness(
        is_complete=set(settled or ()) >= NEEDED,
        last_synced_at=last_synced_at,
        mirror_version=version or 0,
        refused=tuple(sorted(NEEDED & set(refused or ()))),
    )
