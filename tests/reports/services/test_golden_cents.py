"""kpis.md section 9: three equal lines, three equal payments, and every cent in its place."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from apps.core.tenancy import tenant
from tests.reports.conftest import golden


@pytest.mark.django_db
def test_a_settled_bill_settles_every_line_exactly(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("cents"))

    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("""
            SELECT array_agg(net ORDER BY line_id) FROM reports_settle GROUP BY settled_on, allocation_id
            ORDER BY settled_on, allocation_id
        """)
        assert [row[0] for row in cursor.fetchall()] == [[3334, 3333, 3333], [3333, 3334, 3333], [3333, 3333, 3334]]
