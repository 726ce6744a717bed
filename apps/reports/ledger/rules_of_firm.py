"""What a firm chose where the ledger can be built in more than one way."""

from apps.reports.contracts.kept import PaymentAllocation
from apps.reports.queries.kept import get_rules


def spreading_rule(firm_id: int) -> PaymentAllocation:
    """Return how money is spread over the lines of a bill and matter; a change of it builds the ledger anew."""
    return get_rules(firm_id=firm_id).payment_allocation
