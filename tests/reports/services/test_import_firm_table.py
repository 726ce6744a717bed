"""The operator's way for a firm's file into one of its tables: the same checks as over the API, and in the trail."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.core.models import AuditEntry
from apps.core.tenancy import tenant
from apps.reports.models import CostRate
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
HEADER = "timekeeper_id,starts_on,pay,expected_hours\n"


@pytest.fixture
def take(cast: Any, build: Callable[..., Any], tmp_path: Path) -> Callable[..., str]:
    build(golden("march"))

    def run(lines: str, **options: Any) -> str:
        (tmp_path / "rates.csv").write_text(HEADER + lines)
        told = io.StringIO()
        known = {"firm": str(cast.firm.public_id), "by": cast.owner.email}
        call_command("import_firm_table", "cost-rates", tmp_path / "rates.csv", stdout=told, **{**known, **options})
        return told.getvalue()

    return run


def kept(cast: Any) -> int:
    with tenant(cast.firm.firm_id):
        return CostRate.objects.filter(firm_id=cast.firm.firm_id).count()


def test_takes_the_file_in_in_the_administrators_name(cast: Any, take: Callable[..., str]) -> None:
    line = f"{golden('march')['users'][0]['id']},2025-01-01,100000,1700\n"

    assert take(line, dry_run=True) == "Would be: 1 added, 0 changed, 0 unchanged.\n"
    assert kept(cast) == 0
    assert take(line) == "1 added, 0 changed, 0 unchanged.\n"
    assert take(line) == "0 added, 0 changed, 1 unchanged.\n"
    assert kept(cast) == 1
    with tenant(cast.firm.firm_id):
        assert AuditEntry.objects.filter(user_id=cast.owner.pk, target__contains="cost_rates").count() == 1


def test_tells_the_faults_line_by_line_and_changes_nothing(cast: Any, take: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="line 2, timekeeper_id: Clio has no such person") as refused:
        take("999999,2025-01-01,100000,1700\n")

    assert refused.value.returncode == 1
    assert kept(cast) == 0


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [("firm", "nonsense", 2), ("firm", "01234567-89ab-7def-8123-456789abcdef", 2), ("by", "nobody@example.com", 3)],
)
def test_refuses_whom_it_does_not_know(cast: Any, take: Callable[..., str], option: str, value: str, code: int) -> None:
    with pytest.raises(CommandError) as refused:
        take("", **{option: value})

    assert refused.value.returncode == code
    assert kept(cast) == 0


def test_refuses_who_does_not_administer_the_firm(cast: Any, take: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="no owner or administrator") as refused:
        take("", by=cast.colleague.email)

    assert refused.value.returncode == 3
