"""The firm's timekeepers as a whole."""

from django.db import connection

from apps.core.scope import Scope

_COUNT = "SELECT count(DISTINCT timekeeper_id) FROM reports_employment WHERE firm_id = %s"


def count_timekeepers(*, scope: Scope) -> int:
    """Return how many people the firm ever had capacity of, whoever asks: one alone cannot be compared."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [scope.firm_id])
        count: int = cursor.fetchone()[0]
    return count
