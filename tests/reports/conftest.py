"""Firms with a ledger to look at."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.reports.services.rebuild_ledger import RebuildOutcome, rebuild_ledger
from tests.reports.mirror import fill_mirror

DATASETS = Path(__file__).parents[1] / "clio" / "sandbox" / "datasets"
NOON = datetime(2025, 3, 31, 16, tzinfo=UTC)
Records = dict[str, list[dict[str, Any]]]


def golden(name: str) -> Records:
    """Return the records of a golden dataset, amounts exact."""
    content = json.loads((DATASETS / f"golden_{name}.json").read_text(), parse_float=Decimal)
    return {key: records for key, records in content.items() if key != "firm"}


@pytest.fixture
def build(cast: Any) -> Callable[..., RebuildOutcome]:
    """Return a function that mirrors records into the cast's firm and builds its ledger."""

    def mirror_and_build(records: Records, *, now: datetime = NOON) -> RebuildOutcome:
        fill_mirror(cast.firm.firm_id, records)
        return rebuild_ledger(firm_id=cast.firm.firm_id, now=now)

    return mirror_and_build
