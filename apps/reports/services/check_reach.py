"""Check how near to single records a question comes: what an API key for figures only may not ask."""

from apps.core.scope import Scope
from apps.reports.contracts import Dimension, Query
from apps.reports.errors import RecordsNotPermitted

# Each value of these is one record of Clio's, with its amount.
OF_ONE_RECORD = frozenset({Dimension.BILL, Dimension.ALLOCATION, Dimension.TRANSACTION})


def check_reach(query: Query, scope: Scope) -> None:
    """Raise RecordsNotPermitted, naming the field, where a reader of figures asks for single records or facts of them.

    Every question to the metric layer comes by here, of whatever entrance, report or job it is.
    """
    if scope.shows_records:
        return
    for dimension in query.dimensions:
        if dimension in OF_ONE_RECORD:
            raise RecordsNotPermitted("dimensions", f"The dimension {dimension}")
    for dimension in query.filters:
        if dimension in OF_ONE_RECORD:
            raise RecordsNotPermitted(f"filter[{dimension}]", f"The dimension {dimension}")
    if query.details:
        raise RecordsNotPermitted("details", f"The detail {query.details[0]}")
