"""Targets are closed with their month: K4 and K44 as reported are those of the close, whatever is planned later."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Firm
from apps.accounts.models import TargetHours as HoursRow
from apps.core.access import Extra
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Comparison, Dimension, Grain, Mode
from apps.reports.contracts.closing import Adjustments, AdjustmentsQuestion, Change
from apps.reports.models import FrozenRow, PeriodClose, Target
from apps.reports.services.list_adjustments import list_adjustments
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask, rows_of, total_of
from tests.reports.closing import close
from tests.reports.comparing import scope_of
from tests.reports.recompute import Viewer
from tests.reports.recompute.answers import Question, figures_of_nothing, recompute_by_key
from tests.reports.recompute.kept import kept_metrics
from tests.reports.recompute.plans import variance_by
from tests.reports.services.test_kept_recomputed import OF_PARTS, build_kept, by_subject, told_apart
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, differing

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 7, 15, tzinfo=UTC)
FIRST, LAST = date(2024, 8, 1), date(2024, 10, 31)
PERIOD = f"{FIRST}..{LAST}"
MONTHS = ["2024-08", "2024-09", "2024-10"]


def plan_anew(firm_id: int) -> None:
    """Change every target, take some away, and work on other days."""
    with tenant(firm_id):
        Target.objects.filter(firm_id=firm_id, measure="billed").delete()
        Target.objects.filter(firm_id=firm_id).update(amount=Decimal(12345))
        HoursRow.objects.filter(firm_id=firm_id, timekeeper_id=11).delete()
        HoursRow.objects.create(
            firm_id=firm_id, timekeeper_id=13, starts_on=FIRST, monthly_hours=Decimal(40), set_at=NOW
        )
        Firm.objects.filter(pk=firm_id).update(working_days=[1, 2], holidays={"2024-10-01": ""})
    rebuild_ledger(firm_id=firm_id, now=NOW)


@pytest.mark.generated(170, 1)
def test_as_reported_is_what_the_recomputation_told_at_the_close(cast: Any, seed: int) -> None:
    books, tables = build_kept(cast, seed, bills=60)
    firm_id = cast.firm.firm_id
    close(cast, MONTHS, NOW)
    plan_anew(firm_id)

    for viewer in (Viewer(), VIEWERS[1], VIEWERS[3], *OF_PARTS):
        scope = scope_of(firm_id, viewer)
        for code in ("USD", "CAD"):
            question = Question(books, code, FIRST, LAST, TODAY, viewer)
            more: dict[str, Any] = {"period": PERIOD, "on": TODAY, "scope": scope, "currency": code}
            more["mode"] = Mode.AS_REPORTED
            answer = ask(firm_id, "target_attainment", "plan_variance", **more)
            attainment = kept_metrics(tables)["target_attainment"]
            assert total_of(answer, "target_attainment") == recompute_by_key(attainment, question)[""], viewer
            seen = variance_by(tables, "firm" if viewer.kind == "whole_firm" else told_apart(viewer))
            assert total_of(answer, "plan_variance") == recompute_by_key(seen, question)[""], (viewer, code)
            for dimension in ("timekeeper", "role"):
                found = ask(firm_id, "target_attainment", dimensions=(Dimension(dimension),), **more)
                theirs, blank = (
                    recompute_by_key(attainment, question, dimension),
                    figures_of_nothing(attainment, question),
                )
                assert differing(rows_of(found, "target_attainment"), theirs, blank) == {}, (viewer, dimension)
            for dimension, kind in (("timekeeper", "person"), ("practice_area", "area")):
                declared = variance_by(tables, kind)
                found = ask(firm_id, "plan_variance", dimensions=(Dimension(dimension),), **more)
                theirs = by_subject(declared, question, dimension)
                blank = figures_of_nothing(declared, question)
                assert differing(rows_of(found, "plan_variance"), theirs, blank) == {}, (viewer, dimension)


def test_weeks_of_closed_months_are_spread_over_the_working_days_of_then(cast: Any) -> None:
    build_kept(cast, 171, bills=20)
    firm_id = cast.firm.firm_id
    more: dict[str, Any] = {"period": PERIOD, "on": TODAY, "grain": Grain.WEEK}
    before = ask(firm_id, "target_attainment", "plan_variance", **more)
    close(cast, MONTHS, NOW)
    plan_anew(firm_id)

    after = ask(firm_id, "target_attainment", "plan_variance", mode=Mode.AS_REPORTED, **more)

    assert after.rows == before.rows
    assert ask(firm_id, "target_attainment", "plan_variance", **more).rows != before.rows


def test_both_asked_together_are_what_each_is_alone(cast: Any) -> None:
    build_kept(cast, 174, bills=20)
    names = ("target_attainment", "plan_variance")
    more: dict[str, Any] = {"period": "2025-01-01..2025-06-30", "on": TODAY, "grain": Grain.MONTH}
    more["dimensions"] = (Dimension.TIMEKEEPER,)

    together = ask(cast.firm.firm_id, *names, **more)

    for name in names:
        alone = ask(cast.firm.firm_id, name, **more)
        assert alone.total is not None
        assert together.total is not None
        assert rows_of(together, name) | rows_of(alone, name) == rows_of(together, name)
        for month, figures in alone.total.series.items():
            assert figures == {key: together.total.series[month][key] for key in figures}


def test_closes_made_before_targets_were_kept_say_so(cast: Any) -> None:
    build_kept(cast, 172, bills=20)
    firm_id = cast.firm.firm_id
    close(cast, MONTHS, NOW)
    with tenant(firm_id):
        early = PeriodClose.objects.get(firm_id=firm_id, month=date(2024, 9, 1))
        PeriodClose.objects.filter(pk=early.pk).update(keeps_targets=False)
        FrozenRow.objects.filter(firm_id=firm_id, close_id=early.pk, family__in=("target", "workday")).delete()
    more: dict[str, Any] = {"on": TODAY, "mode": Mode.AS_REPORTED}

    answer = ask(firm_id, "target_attainment", "plan_variance", period=PERIOD, grain=Grain.MONTH, **more)
    plain = ask(firm_id, "target_attainment", "plan_variance", period="2024-10", **more)

    assert answer.total is not None
    assert plain.total is not None
    lacking = {key for key, value in answer.total.figures.items() if value is None}
    assert {"target_attainment.target", "target_attainment.hours", "plan_variance.hours_target"} <= lacking
    assert {"plan_variance.hours", "plan_variance.billed"}.isdisjoint(lacking)
    months = {row.keys[0]: row.figures["target_attainment.target"] for row in answer.rows}
    assert months["2024-09-01"] is None
    assert months["2024-08-01"] == Decimal("101.50")
    assert [flag.code for flag in answer.flags if flag.code.startswith("closed")] == ["closed_without_targets"]
    assert not [flag for flag in plain.flags if flag.code.startswith("closed")]
    planned = [key for key, value in plain.total.figures.items() if value is not None and key.endswith("_target")]
    assert planned
    beside = ask(firm_id, "target_attainment", period="2024-09", on=TODAY, comparison=Comparison.CLOSED)
    assert beside.total is not None
    assert set(beside.total.compared.values()) == {None}
    assert [flag.code for flag in beside.flags if flag.code.startswith("closed")] == ["closed_without_targets"]


def test_a_target_changed_later_is_an_adjustment(cast: Any) -> None:
    build_kept(cast, 173, bills=20)
    firm_id = cast.firm.firm_id
    with tenant(firm_id):
        Target.objects.filter(firm_id=firm_id, measure="billed", month=date(2024, 8, 1)).delete()
        Target.objects.create(firm_id=firm_id, measure="billed", month=date(2024, 8, 1), amount=Decimal(500))
    close(cast, MONTHS, NOW)
    plan_anew(firm_id)

    hours = adjustments(cast, "target_attainment.target")
    planned = adjustments(cast, "plan_variance.billed_target")

    assert (hours.closed, hours.now) == (Decimal("101.50"), Decimal("40.00"))
    assert [(row.change, row.row.row_id, row.row.facts.timekeeper_id) for row in hours.rows] == [
        (Change.CHANGED, 11, 11),
        (Change.ADDED, 13, 13),
    ]
    assert (planned.closed, planned.now) == (Decimal("500.00"), None)
    (row,) = planned.rows
    assert (row.change, row.row.facts.detail, row.row.facts.day) == (
        Change.REMOVED, "target of billed", date(2024, 8, 1),
    )  # fmt: skip


def adjustments(cast: Any, item: str) -> Adjustments:
    """Return what has changed of a figure of August."""

    firm_id = cast.firm.firm_id
    with tenant(firm_id, read_only=True):
        month = PeriodClose.objects.get(firm_id=firm_id, month=FIRST)
        return list_adjustments(
            scope=Scope.whole_firm(firm_id),
            close_id=month.public_id,
            asked=AdjustmentsQuestion(item),
            now=NOW,
            permissions=frozenset(Extra),
        )
