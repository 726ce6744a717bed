"""Firms with a ledger to look at."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from apps.reports.services.rebuild_ledger import RebuildOutcome, rebuild_ledger
from tests.reports.mirror import fill_mirror
from tests.standing import standing

DATASETS = Path(__file__).parents[1] / "clio" / "sandbox" / "datasets"
NOON = datetime(2025, 3, 31, 16, tzinfo=UTC)
Records = dict[str, list[dict[str, Any]]]


def golden(name: str) -> Records:
    """Return the records of a golden dataset, amounts exact."""
    content = json.loads((DATASETS / f"golden_{name}.json").read_text(), parse_float=Decimal)
    return {key: records for key, records in content.items() if key != "firm"}


def mirror_and_build(cast: Any, records: Records, *, now: datetime = NOON) -> RebuildOutcome:
    """Mirror records into the cast's firm and build its ledger."""
    fill_mirror(cast.firm.firm_id, records)
    return rebuild_ledger(firm_id=cast.firm.firm_id, now=now)


standing_march = standing(lambda cast: mirror_and_build(cast, golden("march")))


@pytest.fixture
def cast_of_march(standing_march: Any, clean_cache: None, db: None) -> Any:
    """A cast whose firm has the golden records of March and their ledger, built once per module.

    A module whose tests all begin there makes it their `cast`. Each has a cache of its own: the firm is the same one.
    """
    return copy.deepcopy(standing_march[0])


@pytest.fixture
def build(cast: Any) -> Callable[..., RebuildOutcome]:
    """Return a function that mirrors records into the cast's firm and builds its ledger."""

    return partial(mirror_and_build, cast)
