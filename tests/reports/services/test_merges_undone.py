"""What was kept while people stood under one of them: the closed month stands, and nobody sees more than their own."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Comparison, Dimension, Mode, Query
from apps.reports.contracts.closing import AdjustmentsQuestion
from apps.reports.contracts.explanation import Cell
from apps.reports.errors import MergeUnderWay
from apps.reports.models import LedgerState, PeriodClose
from apps.reports.queries.merged_scope import as_merged
from apps.reports.rules import kept_tables
from apps.reports.services.list_adjustments import list_adjustments
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.reopen_month import reopen_month
from apps.reports.services.save_kept_rows import save_rows
from apps.reports.services.take_snapshot import take_snapshot_now
from tests.reports.asking import ask, rows_of, total_of
from tests.reports.closing import close
from tests.reports.conftest import NOON, golden
from tests.reports.keeping import keep
from tests.reports.services.test_as_reported_recomputed import synced
from tests.reports.services.test_explained_rows import explain_whole
from tests.reports.services.test_merges import ADA, BEN, BEN_AGAIN, Records, merge_ben, merge_id, records

pytestmark = pytest.mark.django_db
__all__ = ["records"]
D = Decimal
APRIL = NOON + timedelta(days=2)
MONTHS = ["2025-02", "2025-03"]
PERIOD = "2025-02-01..2025-03-31"


def part_merge(cast: Any, *, rebuild: bool = True) -> None:
    """Take the merge back."""
    save_rows(
        firm_id=cast.firm.firm_id,
        actor_id=cast.owner.pk,
        table=kept_tables.MERGED_TIMEKEEPERS,
        rows=(),
        removed_ids=[merge_id(cast)],
        if_version=None,
        now=APRIL,
    )
    if rebuild:
        rebuild_ledger(firm_id=cast.firm.firm_id, now=APRIL)


def scopes(firm_id: int, *people: int) -> list[Scope]:
    """Return who sees people: somebody granted them, and if it is one, the person."""
    granted = Scope(firm_id, ScopeKind.SUBSET, None, (Grant(timekeeper_ids=people),))
    return [granted, Scope(firm_id, ScopeKind.SELF, people[0])] if len(people) == 1 else [granted]


def hours(cast: Any, scope: Scope | None, mode: Mode = Mode.AS_REPORTED) -> Decimal | None:
    """Return what somebody sees of the hours of the closed months."""
    firm_id = cast.firm.firm_id
    with tenant(firm_id):
        seen = as_merged(scope) if scope else None
    answer = ask(firm_id, "recorded_hours", period=PERIOD, on=APRIL.date(), scope=seen, mode=mode)
    return total_of(answer, "recorded_hours")["total"]


@pytest.fixture
def parted(cast: Any, build: Callable[..., Any], records: Records) -> Any:
    """Two months closed, and a day kept, while Ben was one person; now he is two."""
    build(records)
    merge_ben(cast)
    firm_id = cast.firm.firm_id
    synced(firm_id, NOON)
    take_snapshot_now(firm_id=firm_id, now=NOON)
    rebuild_ledger(firm_id=firm_id, now=APRIL)
    close(cast, MONTHS, APRIL)
    assert [hours(cast, scope) for who in (BEN, BEN_AGAIN) for scope in scopes(firm_id, who)] == [D("8.00")] * 4
    part_merge(cast)
    return cast


def test_the_closed_month_keeps_the_person_of_the_close(parted: Any) -> None:
    answer = ask(
        parted.firm.firm_id, "recorded_hours", period=PERIOD, on=APRIL.date(), mode=Mode.AS_REPORTED,
        dimensions=(Dimension.TIMEKEEPER,),
    )  # fmt: skip

    assert {key: items["total"] for key, items in rows_of(answer, "recorded_hours").items()} == {
        ADA: D("24.00"), BEN_AGAIN: D("8.00"),
    }  # fmt: skip


def test_nobody_sees_more_than_their_own_of_it(parted: Any) -> None:
    firm_id = parted.firm.firm_id
    for who, own in ((BEN, D("6.00")), (BEN_AGAIN, D("2.00"))):
        for scope in scopes(firm_id, who):
            assert hours(parted, scope, Mode.RESTATED) == own
            assert hours(parted, scope) == D("0.00")
    assert [hours(parted, scope) for scope in scopes(firm_id, ADA, BEN_AGAIN)] == [D("24.00")]
    # What is done on her own matters is hers to see, whoever did it.
    assert [hours(parted, scope) for scope in scopes(firm_id, ADA)] == [D("24.00"), D("32.00")]


def test_what_is_set_beside_a_figure_leaves_the_figure_as_it_is(parted: Any) -> None:
    firm_id = parted.firm.firm_id
    for people in ((BEN_AGAIN,), (ADA, BEN_AGAIN), (BEN,)):
        for scope in scopes(firm_id, *people):
            asked: dict[str, Any] = {"period": PERIOD, "on": APRIL.date(), "scope": scope}
            answer = ask(firm_id, "recorded_hours", comparison=Comparison.CLOSED, **asked)

            assert answer.total is not None
            alone = ask(firm_id, "recorded_hours", **asked)
            assert total_of(answer, "recorded_hours") == total_of(alone, "recorded_hours")
            assert answer.total.compared["recorded_hours.total"] == hours(parted, scope)


def test_nobody_sees_more_than_their_own_of_a_days_snapshot(parted: Any) -> None:
    firm_id, day = parted.firm.firm_id, date(2025, 3, 31)
    asked: dict[str, Any] = {"period": f"{day}..{day}", "on": APRIL.date(), "mode": Mode.AS_REPORTED}
    whole = rows_of(ask(firm_id, "receivable", dimensions=(Dimension.TIMEKEEPER,), **asked), "receivable")

    assert whole[BEN_AGAIN]["total"]
    for who in (BEN, BEN_AGAIN):
        for scope in scopes(firm_id, who):
            answer = ask(firm_id, "receivable", scope=scope, **asked)
            assert total_of(answer, "receivable")["total"] == D("0.00")
            assert answer.rows == ()


def test_what_left_work_in_progress_as_a_merge_was_undone_is_nobody_elses(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    firm_id, day = cast.firm.firm_id, APRIL.date() - timedelta(days=1)
    entry = {**golden("march")["activities"][3], "bill": None, "on_bill": False, "id": 1009, "user": {"id": BEN}}
    records["activities"].append(entry)
    build(records)
    merge_ben(cast)
    for now in (NOON, APRIL):
        synced(firm_id, now)
        take_snapshot_now(firm_id=firm_id, now=now)
        if now == NOON:
            part_merge(cast)

    def left(scope: Scope) -> list[int]:
        query = Query(("wip_written_off",), f"{day}..{day + timedelta(days=1)}", mode=Mode.AS_REPORTED)
        _, rows = explain_whole(firm_id, scope, query, Cell("wip_written_off.edited_down"), APRIL.date())
        return [row.row_id for row in rows]

    assert left(Scope.whole_firm(firm_id)) == [1009]
    for who in (BEN, BEN_AGAIN):
        for scope in scopes(firm_id, who):
            assert left(scope) == []


def test_neither_do_adjustments_tell_more(parted: Any) -> None:
    firm_id = parted.firm.firm_id
    for people in ((BEN,), (BEN_AGAIN,), (ADA, BEN_AGAIN)):
        for scope in scopes(firm_id, *people):
            with tenant(firm_id, read_only=True):
                march = PeriodClose.objects.get(month=date(2025, 3, 1))
                found = list_adjustments(
                    scope=scope,
                    close_id=march.public_id,
                    asked=AdjustmentsQuestion("recorded_hours.total"),
                    now=APRIL,
                    permissions=frozenset(),
                )
            asked: dict[str, Any] = {"period": "2025-03", "on": APRIL.date(), "scope": scope}
            closed = ask(firm_id, "recorded_hours", mode=Mode.AS_REPORTED, **asked)
            assert found.closed == total_of(closed, "recorded_hours")["total"]
            assert ADA in people or found.closed == D("0.00")
            assert {row.row.facts.timekeeper_id for row in found.rows} <= {*people}
            for each in found.sums:
                key = each.key
                given = sum(row.now.get(key, D(0)) - row.closed.get(key, D(0)) for row in found.rows)
                assert given == (each.now or 0) - (each.closed or 0)
            assert found.now == hours_of_march(firm_id=firm_id, scope=scope)


def hours_of_march(*, firm_id: int, scope: Scope) -> Decimal | None:
    """Return the hours of March as they are known now."""
    answer = ask(firm_id, "recorded_hours", period="2025-03", on=APRIL.date(), scope=scope)
    return total_of(answer, "recorded_hours")["total"]


def test_a_month_closed_anew_is_everybodys_own_again(parted: Any) -> None:
    firm_id = parted.firm.firm_id
    with tenant(firm_id):
        ids = list(PeriodClose.objects.values_list("public_id", flat=True))
    for public_id in ids:
        reopen_month(firm_id=firm_id, actor_id=parted.owner.pk, close_id=public_id, reason="Ben is two", now=APRIL)
    close(parted, MONTHS, APRIL)

    assert [hours(parted, scope) for scope in scopes(firm_id, BEN)] == [D("6.00")] * 2
    assert [hours(parted, scope) for scope in scopes(firm_id, BEN_AGAIN)] == [D("2.00")] * 2


def test_parts_wait_while_the_ledger_stands_under_other_merges(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    build(records)
    firm_id = cast.firm.firm_id
    every = [scope for who in (BEN, BEN_AGAIN, ADA) for scope in scopes(firm_id, who)]

    def waiting() -> list[bool]:
        found = []
        for scope in every:
            with tenant(firm_id):
                try:
                    found.append(as_merged(scope) is None)
                except MergeUnderWay:
                    found.append(True)
        return found

    assert not any(waiting())
    keep(cast, kept_tables.MERGED_TIMEKEEPERS, {"timekeeper_id": BEN, "main_timekeeper_id": BEN_AGAIN})
    assert all(waiting())
    with tenant(firm_id):
        assert as_merged(Scope.whole_firm(firm_id)) == Scope.whole_firm(firm_id)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    assert not any(waiting())
    part_merge(cast, rebuild=False)
    assert all(waiting())
    rebuild_ledger(firm_id=firm_id, now=APRIL)
    assert not any(waiting())
    later = APRIL + timedelta(hours=3)
    rebuild_ledger(firm_id=firm_id, now=later)
    with tenant(firm_id):
        LedgerState.objects.filter(firm_id=firm_id).update(built_at=later)
    row = {"timekeeper_id": ADA, "starts_on": "2025-03-03", "ends_on": "2025-03-04"}
    keep(cast, kept_tables.LEAVES, row)
    assert not any(waiting())


def close_anew(parted: Any, month: date) -> None:
    """Close a month once more, now that Ben is two."""
    with tenant(parted.firm.firm_id):
        public_id = PeriodClose.objects.get(month=month, reopened_at=None).public_id
    who = {"firm_id": parted.firm.firm_id, "actor_id": parted.owner.pk}
    reopen_month(**who, close_id=public_id, reason="Ben is two", now=APRIL)
    close(parted, [f"{month:%Y-%m}"], APRIL)


@pytest.mark.parametrize("people", [(ADA, BEN_AGAIN), (BEN_AGAIN, ADA)])
def test_two_closes_in_one_question_have_a_reach_each(parted: Any, people: tuple[int, ...]) -> None:
    firm_id, (scope,) = parted.firm.firm_id, scopes(parted.firm.firm_id, *people)
    asked: dict[str, Any] = {"on": APRIL.date(), "scope": scope, "mode": Mode.AS_REPORTED}
    march = total_of(ask(firm_id, "recorded_hours", period="2025-03", **asked), "recorded_hours")["total"]
    close_anew(parted, date(2025, 2, 1))
    february = total_of(ask(firm_id, "recorded_hours", period="2025-02", **asked), "recorded_hours")["total"]

    answer = ask(firm_id, "recorded_hours", period="2025-03", comparison=Comparison.PRIOR_PERIOD, **asked)

    assert answer.total
    assert answer.total.figures["recorded_hours.total"] == march
    assert answer.total.compared["recorded_hours.total"] == february


def test_adjustments_of_several_people_tell_no_more(parted: Any) -> None:
    firm_id = parted.firm.firm_id
    (scope,) = scopes(firm_id, ADA, BEN_AGAIN)
    with tenant(firm_id, read_only=True):
        for close_id in PeriodClose.objects.values_list("public_id", flat=True):
            found = list_adjustments(
                scope=scope,
                close_id=close_id,
                asked=AdjustmentsQuestion("recorded_hours.total"),
                now=APRIL,
                permissions=frozenset(),
            )
            for each in found.sums:
                given = sum(row.now.get(each.key, D(0)) - row.closed.get(each.key, D(0)) for row in found.rows)
                assert given == (each.now or 0) - (each.closed or 0)
            assert {row.row.facts.timekeeper_id for row in found.rows} <= {ADA, BEN_AGAIN}
