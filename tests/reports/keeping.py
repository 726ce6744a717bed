"""What a firm keeps, as plainly as a test wants to put it."""

from typing import Any

from apps.reports.contracts.kept import KeptTable, TableChange
from apps.reports.services.save_kept_rows import save_rows
from tests.reports.conftest import NOON


def keep(cast: Any, table: KeptTable, *rows: dict[str, Any]) -> TableChange:
    """Put rows into a table of the cast's firm."""
    return save_rows(
        firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, table=table, rows=rows, if_version=None, now=NOON
    )
