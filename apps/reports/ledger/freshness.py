"""How current the mirror is, as clio publishes it."""

from django.db import connection

from apps.reports.contracts import Freshness, Source

_FRESHNESS = """
SELECT (SELECT version FROM clio_out_version WHERE firm_id = %(firm)s), array_agg(entity) FILTER (WHERE settled),
       array_agg(entity) FILTER (WHERE refused), min(last_completed_at) FILTER (WHERE entity = ANY(%(needed)s))
FROM clio_out_sync WHERE firm_id = %(firm)s
"""
_ON_BILLS = frozenset({"bills", "line_items", "activities", "matters", "interest_charges"})
# Read last and needed by what they are named for only: the ledger does not wait for them.
LATER = frozenset({"bank_accounts", "bank_transactions"})
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
    Source.BILLED_YEAR: _ON_BILLS,
    Source.COLLECTED_YEAR: _ON_BILLS | {"allocations", "credit_memos"},
    Source.COLLECTED_FISCAL_YEAR: _ON_BILLS | {"allocations", "credit_memos"},
    Source.MATTERS: frozenset({"matters"}),
    Source.MATTERS_OPENED: frozenset({"matters"}),
    Source.MATTERS_CLOSED: frozenset({"matters"}),
    Source.CLOSED_MATTERS_FEES: _ON_BILLS | {"allocations", "credit_memos"},
    Source.COLLECTED_TO_DATE: _ON_BILLS | {"allocations", "credit_memos"},
    Source.BILLED_12_MONTHS: _ON_BILLS,
    Source.COLLECTED_12_MONTHS: _ON_BILLS | {"allocations", "credit_memos"},
    Source.COHORT_12_MONTHS: _ON_BILLS | {"allocations", "credit_memos"},
    Source.PAID_12_MONTHS: _ON_BILLS | {"allocations", "credit_memos"},
    Source.CLIENTS_COLLECTED: _ON_BILLS | {"allocations", "credit_memos"},
    Source.CLIENTS_BILLED: _ON_BILLS,
    Source.CLIENTS_KEPT: _ON_BILLS,
    Source.COMING_CLIENTS: frozenset({"matters"}),
    Source.DORMANT_CLIENTS: _ON_BILLS,
    Source.EXPENSES: frozenset({"users", "matters", "activities", "bills", "line_items"}),
    Source.TRUST: LATER | {"matters"},
    Source.TRUST_MOVED: LATER | {"matters"},
    Source.BUDGETS: frozenset({"matters"}),
    Source.BUDGET_USED: frozenset({"users", "matters", "activities", "bills", "line_items"}),
    Source.BUDGET_BURN: frozenset({"users", "matters", "activities", "bills", "line_items"}),
    Source.TRUST_MINIMUMS: frozenset({"matters"}),
    Source.TRUST_BY_MATTER: LATER | _ON_BILLS | {"allocations", "credit_memos"},
    Source.TRUST_BELOW_ZERO: LATER | {"matters"},
    Source.TRUST_RESTING: LATER | {"matters"},
    Source.TRUST_REQUESTED: frozenset({"bills", "matters", "allocations", "credit_memos"}),
    Source.EXPENSES_RECOVERED: _ON_BILLS | {"allocations", "credit_memos"},
    Source.COSTED: frozenset({"users", "matters", "activities"}),
    Source.COSTED_TO_DATE: frozenset({"users", "matters", "activities"}),
    Source.RANKED: frozenset({"users", "matters", "activities"}),
    Source.PAID_DAYS: frozenset({"users", "matters", "activities"}),
    Source.MATTERS_COLLECTED: _ON_BILLS | {"allocations", "credit_memos"},
    Source.MATTERS_COLLECTED_TO_DATE: _ON_BILLS | {"allocations", "credit_memos"},
    Source.MATTERS_BILLED: _ON_BILLS,
    Source.MATTERS_BILLED_TO_DATE: _ON_BILLS,
    Source.MATTERS_WORKED: frozenset({"users", "matters", "activities", "bills", "line_items"}),
    Source.MATTERS_WORKED_TO_DATE: frozenset({"users", "matters", "activities", "bills", "line_items"}),
    Source.MATTERS_SPENT: frozenset({"activities", "matters", "bills", "line_items"}),
    Source.MATTERS_SPENT_TO_DATE: frozenset({"activities", "matters", "bills", "line_items"}),
    Source.CREDITED: _ON_BILLS | {"allocations", "credit_memos"},
    Source.CREDITED_BILLED: _ON_BILLS,
    Source.CREDITED_MATTERS: frozenset({"matters"}),
    Source.FEE_SHARES: _ON_BILLS | {"allocations", "credit_memos"},
    Source.TARGET_HOURS: frozenset({"users", "matters", "activities"}),
    Source.PLAN: frozenset(),
    Source.MATTERS_BROUGHT: frozenset({"matters"}),
    Source.PERSON_DAYS: frozenset({"users", "matters", "activities"}),
    Source.STAGE_STAYS: frozenset({"matters"}),
    Source.BUDGET_BY_MATTER: frozenset({"users", "matters", "activities", "bills", "line_items"}),
    Source.CLIENTS_IN_ORDER: _ON_BILLS | {"allocations", "credit_memos"},
    Source.WIP_LEFT: frozenset({"activities", "matters", "bills", "line_items"}),
    Source.PLANNED_MATTERS: frozenset({"matters"}),
    Source.PLAN_TIME: frozenset({"users", "matters", "activities"}),
    Source.PLANNED_TIME: frozenset({"users", "matters", "activities"}),
    Source.PLAN_BILLED: _ON_BILLS,
    Source.PLANNED_BILLED: _ON_BILLS,
    Source.PLAN_COLLECTED: _ON_BILLS | {"allocations", "credit_memos"},
    Source.PLANNED_COLLECTED: _ON_BILLS | {"allocations", "credit_memos"},
}
NEEDED = frozenset[str]().union(*READ_FOR.values()) - LATER


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
        missing=tuple(sorted((LATER - set(settled or ())) | ((NEEDED | LATER) & set(refused or ())))),
    )
