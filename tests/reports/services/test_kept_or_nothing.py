"""As reported a figure is what was kept, or nothing with a reason: every metric, whatever days and months were kept."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer, Dimension, Grain, Mode, Query
from apps.reports.contracts.explanation import Cell
from apps.reports.errors import MonthsOpen, QuestionNotUnderstood
from apps.reports.metrics.catalogue import CATALOGUE, RESTATED
from apps.reports.models import SnapshotUnbilled
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.take_snapshot import SnapshotStatus, take_due_snapshot
from tests.reports.asking import Items, ask, rows_of, total_of
from tests.reports.changing import ChangingFirm
from tests.reports.closing import close
from tests.reports.recompute.answers import recompute_by_key
from tests.reports.services.test_as_reported_recomputed import DECLARED, in_utc, questions, synced
from tests.reports.services.test_explained_rows import explain_whole

pytestmark = pytest.mark.django_db
__all__ = ["in_utc"]
JANUARY, FEBRUARY = date(2025, 1, 31), date(2025, 2, 28)
NIGHTS = {
    JANUARY: datetime(2025, 2, 1, 0, 30, tzinfo=UTC),
    FEBRUARY: datetime(2025, 3, 1, 0, 30, tzinfo=UTC),
}
LATER = date(2025, 6, 1)
PERIOD = f"2025-01-01..{FEBRUARY}"
PIECES = {JANUARY.replace(day=1): JANUARY, FEBRUARY.replace(day=1): FEBRUARY, None: FEBRUARY}
DAYS_KEPT = ((), (FEBRUARY,), (JANUARY, FEBRUARY))
MONTHS_CLOSED: tuple[list[str], ...] = ([], ["2025-01"], ["2025-01", "2025-02"])
# By which sources a figure is told: of a day's snapshot, of a closed month, of both; written down once more on purpose.
DAILY = {"unbilled", "receivable", "trust", "matters"}
OF_BOTH = {"matters_opened", "matters_closed"}
NOT_DAILY = {"receivable_parts.fees", "receivable_parts.expenses", "receivable_parts.unreconciled"}
NOT_DAILY |= {"receivable_parts.credit", "receivable_parts.total"}
GIVEN_UP = ("non_billable", "written_off", "deleted")
NAMES = tuple(metric.name for metric in RESTATED)
Pieces = dict[date | None, dict[str, Decimal | None]]


@dataclass
class History:
    """A firm's two months, with what was told at the end of each, and at the close."""

    firm: ChangingFirm
    at_night: dict[date, Pieces] = field(default_factory=dict)
    at_close: Pieces = field(default_factory=dict)
    recomputed: dict[date, dict[str, Items]] = field(default_factory=dict)


def pieces_of(answer: Answer) -> Pieces:
    """Return the figures of the period and of its months."""
    assert answer.total is not None
    rows: Pieces = {date.fromisoformat(str(row.keys[0])): dict(row.figures) for row in answer.rows}
    return {None: dict(answer.total.figures), **rows}


def live_through(cast: Any, seed: int, kept: tuple[date, ...], months: list[str]) -> History:
    """Let a firm work for two months, keep some days of it, close some months, and change everything afterwards."""
    firm_id = cast.firm.firm_id
    firm = ChangingFirm(cast.firm, seed, bills=40, keeps=("matters", "bank_accounts"))
    history = History(firm)
    for day, night in NIGHTS.items():
        firm.change(40)
        firm.work_on(day)
        for entry in firm.dice.sample(sorted(firm.alive["activities"]), 6):
            firm.give_up(entry)
        rebuild_ledger(firm_id=firm_id, now=night)
        synced(firm_id, night)
        if day in kept:
            assert take_due_snapshot(firm_id=firm_id, now=night).status is SnapshotStatus.TAKEN
        period = f"2025-01-01..{day}"
        history.at_night[day] = pieces_of(ask(firm_id, *NAMES, period=period, on=day, grain=Grain.MONTH))
        (question, _) = questions(firm, day)
        history.recomputed[day] = {name: recompute_by_key(DECLARED[name], question)[""] for name in DECLARED}
    now = NIGHTS[FEBRUARY]
    history.at_close = pieces_of(ask(firm_id, *NAMES, period=PERIOD, on=now.date(), grain=Grain.MONTH))
    close(cast, months, now)
    firm.change(60)
    rebuild_ledger(firm_id=firm_id, now=datetime(2025, 6, 1, tzinfo=UTC))
    return history


def told_by(column: str, sources: set[str]) -> set[str]:
    """Return what may tell a figure: a day, a month, both or nothing."""
    ways = set()
    if sources <= DAILY | OF_BOTH and column not in NOT_DAILY:
        ways.add("day")
    if not sources & (DAILY | UNKEPT):
        ways.add("month")
    return ways


UNKEPT = {
    *("time_to_date", "settled_to_date", "billed_year", "collected_year", "collected_fiscal_year", "wip_left"),
    *("collected_to_date", "billed_12_months", "collected_12_months", "cohort_12_months", "paid_12_months"),
    *("clients_collected", "clients_billed", "clients_kept", "coming_clients", "dormant_clients", "clients_in_order"),
    *("budgets", "budget_used", "budget_burn", "budget_by_matter", "trust_minimums", "trust_by_matter"),
    *("trust_below_zero", "trust_resting", "trust_requested", "costed_to_date", "matters_collected_to_date"),
    *("matters_billed_to_date", "matters_worked_to_date", "matters_spent_to_date", "person_days", "stage_stays"),
}


def expected(history: History, column: str, ways: set[str], kept: tuple[date, ...], *, is_closed: bool) -> Items:
    """Return what a figure is by month, and as a whole."""
    if is_closed and "month" in ways:
        return {str(piece): history.at_close.get(piece, {}).get(column) for piece in PIECES}
    return {
        str(piece): history.at_night[day].get(piece, {}).get(column) if day in kept else None
        for piece, day in PIECES.items()
    }


def date_of(piece: str) -> date | None:
    """Return a piece by its name."""
    return None if piece == "None" else date.fromisoformat(piece)


@pytest.mark.parametrize("months", MONTHS_CLOSED, ids=len)
@pytest.mark.parametrize("kept", DAYS_KEPT, ids=len)
def test_every_figure_is_what_was_kept_or_nothing_with_a_reason(
    cast: Any, in_utc: Any, kept: tuple[date, ...], months: list[str]
) -> None:
    history, firm_id, is_closed = live_through(cast, 40, kept, months), in_utc.firm_id, len(months) == len(NIGHTS)
    asked: dict[str, Any] = {"period": PERIOD, "on": LATER, "mode": Mode.AS_REPORTED, "grain": Grain.MONTH}
    told = 0
    for metric in CATALOGUE:
        ways = {
            f"{metric.name}.{name}": told_by(f"{metric.name}.{name}", {each.source.value for each in item.uses()})
            for name, item in metric.items.items()
        }
        if metric.only_as_reported:
            continue
        if not any(ways.values()):
            with pytest.raises(QuestionNotUnderstood):
                ask(firm_id, metric.name, **asked)
            continue
        if {"month"} in ways.values() and not is_closed:
            with pytest.raises(MonthsOpen):
                ask(firm_id, metric.name, **asked)
            continue
        answer = ask(firm_id, metric.name, **asked)
        figures = pieces_of(answer)
        assert {column.key for column in answer.columns} == {column for column, found in ways.items() if found}
        for column, found in ways.items():
            if not found:
                continue
            right = expected(history, column, found, kept, is_closed=is_closed)
            # A month of which a metric has nothing at all has no row of its own.
            mine = {str(piece): figures[piece].get(column) if piece in figures else None for piece in PIECES}
            right = {piece: value if date_of(piece) in figures else value or None for piece, value in right.items()}
            assert mine == right, (column, found)
            lacking = {day for piece, day in PIECES.items() if day not in kept and mine[str(piece)] is None}
            if found == {"day"} or (not is_closed and "day" in found):
                assert lacking <= {gap.day for gap in answer.gaps}, column
                assert all(gap.why for gap in answer.gaps)
            told += any(value is not None for value in right.values())
    assert (told > 0) == bool(kept or is_closed)
    check_recomputed(firm_id, history, kept)
    check_given_up(firm_id, kept)


def check_recomputed(firm_id: int, history: History, kept: tuple[date, ...]) -> None:
    """Compare balances of the days that were kept with what plain Python told then."""
    for day in kept:
        answer = ask(
            firm_id, "receivable", "unbilled", "trust_balance", period=f"2025-01-01..{day}", on=LATER,
            mode=Mode.AS_REPORTED,
        )  # fmt: skip
        for name in ("receivable", "unbilled", "trust_balance"):
            assert total_of(answer, name) == history.recomputed[day][name], (name, day)


def check_given_up(firm_id: int, kept: tuple[date, ...]) -> None:
    """Compare what left work in progress with the kept rows: without two days in a row to compare, nothing is known."""
    answer = ask(firm_id, "wip_written_off", period=PERIOD, on=LATER, mode=Mode.AS_REPORTED, grain=Grain.MONTH)
    figures = pieces_of(answer)
    with tenant(firm_id):
        rows = list(SnapshotUnbilled.objects.filter(currency="USD", left_as__in=GIVEN_UP))
    for piece, day in PIECES.items():
        first = piece or date(2025, 1, 1)
        gone = [row.value or 0 for row in rows if row.seen_until and first <= row.seen_until <= day]
        gone_of_work = sum(gone) if len([each for each in kept if each <= day]) == 2 else None
        mine = figures.get(piece, {}).get("wip_written_off.total")
        assert mine == (None if gone_of_work is None else Decimal(gone_of_work).scaleb(-2)), piece
    assert answer.incomplete == ("wip_written_off",)
    assert {gap.why for gap in answer.gaps} == {"before_first" if kept else "none_kept"}
    assert {gap.first_kept for gap in answer.gaps} == {min(kept) if kept else None}


def test_matters_by_a_closed_month_are_those_of_its_last_days_snapshot(cast: Any, in_utc: Any) -> None:
    names = ("matters", "matter_days", "revenue_per_matter")
    firm_id, months = in_utc.firm_id, ["2024-12", "2025-01"]
    firm = ChangingFirm(cast.firm, 44, bills=60, keeps=("matters",))
    for matter in firm.records["matters"]:
        matter |= {
            "open_date": f"2024-{firm.dice.randint(10, 12)}-03",
            "close_date": firm.dice.choice([None, "2024-12-20", "2025-01-09"]),
            "status": firm.dice.choice(["Open", "Closed", "Closed"]),
        }
        firm._write("matters", matter)
    night = NIGHTS[JANUARY]
    rebuild_ledger(firm_id=firm_id, now=night)
    synced(firm_id, night)
    assert take_due_snapshot(firm_id=firm_id, now=night).status is SnapshotStatus.TAKEN
    asked: dict[str, Any] = {"period": f"2024-12-01..{JANUARY}", "on": LATER, "mode": Mode.AS_REPORTED}

    def by_everything() -> dict[str, Any]:
        found: dict[str, Any] = {}
        for by in ((), *((each,) for each in (Dimension.MATTER, Dimension.STATUS, Dimension.PRACTICE_AREA))):
            answer = ask(firm_id, *names[:2], dimensions=by, **asked)
            keys = [key for key in answer.columns if key.item not in ("open",) and "age" not in key.item]
            columns = [key.key for key in keys if "stage" not in key.item]
            rows = [*answer.rows, *([answer.total] if answer.total else [])]
            found |= {f"{by} {row.keys}": {key: row.figures[key] for key in columns} for row in rows}
        return {key: figures for key, figures in found.items() if any(figures.values())}

    by_the_day = by_everything()
    close(cast, months, night)
    by_the_close = by_everything()
    firm.change(80)
    rebuild_ledger(firm_id=firm_id, now=datetime(2025, 6, 1, tzinfo=UTC))
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_snapshot")
        cursor.execute("DELETE FROM reports_snapshot_matter")

    assert by_the_day == by_the_close == by_everything()
    total = total_of(ask(firm_id, "matters", **asked), "matters")
    assert (total["closed"] or 0) > 2
    assert total["open"] is None
    bring = total_of(ask(firm_id, "revenue_per_matter", **asked), "revenue_per_matter")
    assert bring["matters"] == total["closed"]
    assert bring["average"] == ((bring["collected"] or Decimal(0)) / (bring["matters"] or 1)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


def test_a_gap_has_no_sums_behind_it_either(in_utc: Any) -> None:
    firm_id = in_utc.firm_id
    ChangingFirm(in_utc, 46, bills=10)
    rebuild_ledger(firm_id=firm_id, now=NIGHTS[JANUARY])
    for item in ("unbilled.fees", "wip_written_off.total", "matters.opened"):
        query = Query(metrics=(item.partition(".")[0],), period=f"2025-01-01..{JANUARY}", mode=Mode.AS_REPORTED)
        explanation, rows = explain_whole(firm_id, Scope.whole_firm(firm_id), query, Cell(item), LATER)

        assert explanation.value is None
        assert rows == []
        assert {each.total for each in explanation.sums} == {None}, item


def test_a_month_of_an_open_period_is_explained_by_what_the_answer_read(cast: Any, in_utc: Any) -> None:
    history = live_through(cast, 47, (JANUARY, FEBRUARY), ["2025-01"])
    firm_id, piece = in_utc.firm_id, date(2025, 1, 1)
    query = Query(metrics=("matters",), period=PERIOD, mode=Mode.AS_REPORTED, grain=Grain.MONTH)
    answer = ask(firm_id, "matters", period=PERIOD, on=LATER, mode=Mode.AS_REPORTED, grain=Grain.MONTH)

    explanation, _ = explain_whole(
        firm_id, Scope.whole_firm(firm_id), query, Cell("matters.opened", piece=piece), LATER
    )

    assert explanation.value == rows_of(answer, "matters")["2025-01-01"]["opened"]
    assert explanation.value == history.at_night[JANUARY][piece]["matters.opened"]
