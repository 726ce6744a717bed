"""The firm's timekeepers as a whole."""

from django.db import connection

from apps.core.scope import Scope

_COUNT = "SELECT count(DISTINCT timekeeper_id) FROM reports_employment WHERE firm_id = %s"

_FEWEST = """
SELECT coalesce(min(people), 0) FROM (
    SELECT count(DISTINCT e.timekeeper_id) AS people
    FROM reports_employment e
    LEFT JOIN reports_person p ON p.firm_id = e.firm_id AND p.timekeeper_id = e.timekeeper_id
    WHERE e.firm_id = %s GROUP BY p.role) roles
"""


def count_fewest_of_a_role(*, scope: Scope) -> int:
    """Return how many people the rarest role of the firm has, among those who ever had capacity, whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute(_FEWEST, [scope.firm_id])
        count: int = cursor.fetchone()[0]
    return count


def count_timekeepers(*, scope: Scope) -> int:
    """Return how many people the firm ever had capacity of, whoever asks: one alone cannot be compared."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [scope.firm_id])
        count: int = cursor.fetchone()[0]
    return count
