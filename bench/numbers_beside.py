"""What stands beside the figures, without names or targets of its own: explaining, closing, and figures as reported."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from apps.core.access import Extra
from apps.core.errors import DomainError
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Mode, Page, Query, ReportRequest
from apps.reports.contracts.closing import AdjustmentsQuestion
from apps.reports.contracts.explanation import Cell, CellQuestion
from apps.reports.metrics.catalogue import RESTATED
from apps.reports.queries.closes import list_closes
from apps.reports.services.close_month import close_month
from apps.reports.services.explain_cell import explain_cell
from apps.reports.services.list_adjustments import list_adjustments
from apps.reports.services.reopen_month import reopen_month
from apps.reports.services.run_report import run_report
from apps.reports.services.take_snapshot import take_snapshot_now
from apps.reports.standard.catalogue import REPORTS
from bench.numbers_closes import CLOSED_YEAR, MONTHS, owner_of
from bench.numbers_firm import NOW

Line = tuple[str, str, str]
"""What was measured, its time, and what is to be said of it."""
_EVERYTHING = frozenset(Extra)
_RUNS = 3


def measure_beside(firm_id: int, scopes: dict[str, Scope], year: str, decade: str) -> Iterator[Line]:
    """Yield what explaining, closing, a snapshot, adjustments and reports as reported take."""
    for period, days in (("12 months", year), ("ten years", decade)):
        for name, scope in scopes.items():
            yield _slowest(f"explain, {period}, {name}", _explanations(scope, days))
    yield from _closing(firm_id)
    whole = next(iter(scopes.values()))
    yield _slowest("adjustments of a month, first page", _adjustments(whole))
    for name, scope in scopes.items():
        yield _slowest(f"as reported, 12 months, {name}", _as_reported(scope))


def _explanations(scope: Scope, period: str) -> dict[str, Callable[[], object]]:
    acts: dict[str, Callable[[], object]] = {}
    for metric in RESTATED:
        item = f"{metric.name}.{next(iter(metric.items))}"
        asked = CellQuestion(Query((metric.name,), period, page=Page(limit=1)), Cell(item))
        acts[item] = partial(_read, explain_cell, scope=scope, asked=asked)
    return acts


def _as_reported(scope: Scope) -> dict[str, Callable[[], object]]:
    acts: dict[str, Callable[[], object]] = {}
    for report in REPORTS:
        for table in report.tables:
            asked = ReportRequest(period=CLOSED_YEAR, table=table.key, mode=Mode.AS_REPORTED)
            acts[f"{report.key}.{table.key}"] = partial(_read, run_report, scope=scope, report=report, asked=asked)
    return acts


def _adjustments(scope: Scope) -> dict[str, Callable[[], object]]:
    with tenant(scope.firm_id, read_only=True):
        close = next(each for each in list_closes(scope=scope) if each.reopened_at is None)
    items = ("recorded_hours.total", "billed.total", "collected.total", "credit.originating")
    named = partial(_read, list_adjustments, scope=scope, close_id=close.public_id)
    return {item: partial(named, asked=AdjustmentsQuestion(item)) for item in items}


def _closing(firm_id: int) -> Iterator[Line]:
    """Close the last month again, and keep the day."""
    owner_id, scope = owner_of(firm_id), Scope.whole_firm(firm_id)
    with tenant(firm_id, read_only=True):
        last = next(each for each in list_closes(scope=scope) if each.month == MONTHS[-1] and each.reopened_at is None)
    reopen_month(firm_id=firm_id, actor_id=owner_id, close_id=last.public_id, reason="bench", now=NOW)
    started = time.perf_counter()
    made = close_month(firm_id=firm_id, actor_id=owner_id, month=MONTHS[-1], now=NOW)
    yield "close of a month", _told(time.perf_counter() - started), f"{made.row_count:,} rows"
    started = time.perf_counter()
    taken = take_snapshot_now(firm_id=firm_id, now=NOW)
    yield "snapshot of a day", _told(time.perf_counter() - started), f"{taken.rows:,} rows"


def _read(act: Callable[..., object], *, scope: Scope, **asked: object) -> None:
    with tenant(scope.firm_id, read_only=True):
        act(scope=scope, now=NOW, permissions=_EVERYTHING, **asked)


def _slowest(name: str, acts: dict[str, Callable[[], object]]) -> Line:
    timings: dict[str, float] = {}
    for each, act in acts.items():
        try:
            timings[each] = statistics.median(_seconds(act) for _ in range(_RUNS))
        except DomainError:  # no closed month keeps it, or the reader may not ask
            continue
    ranked = sorted(timings.items(), key=lambda found: -found[1])
    listed = ", ".join(f"{each} {_told(seconds)}" for each, seconds in ranked[:4])
    middle = _told(statistics.median(timings.values()))
    return name, _told(ranked[0][1]), f"slowest of {len(ranked)}, half of them in {middle}: {listed}"


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _told(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
