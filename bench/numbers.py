"""How fast the numbers come, on a firm of 1,000,000 activities and 100,000 bills over ten years."""

import itertools
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.test import RequestFactory

from apps.core.access import Extra, FirmAccess
from apps.core.scope import Grant, Role, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.api.views import OverviewView
from apps.reports.contracts import Comparison, Grain, ReportRequest
from apps.reports.interface import compute_overview, rebuild_ledger
from apps.reports.services.run_report import run_report
from apps.reports.standard.catalogue import REPORTS
from bench.numbers_beside import Line, measure_beside
from bench.numbers_changes import change_page
from bench.numbers_closes import CLOSED_YEAR, close_year
from bench.numbers_firm import LARGE, NOW, SMALL, find_firm
from bench.numbers_rivals import duckdb_beside, run_by_hand, without_the_wall

KEPT_AS = "numbers"
RUNS = 7
YEAR, DECADE = "last_12_months", "2016-10-18..2026-10-17"
_EVERYTHING = frozenset(Extra)
Figure = dict[str, Any]


def run() -> dict[str, Figure]:
    """Measure everything about the numbers."""
    large, built = find_firm(LARGE)
    small, _ = find_firm(SMALL)
    close_year(large)
    scopes = _scopes(large)
    whole = partial(_overview, scopes["whole firm"])
    return {
        "numbers.overview_ms": _slowest(
            {name: partial(_overview, scope) for name, scope in scopes.items()},
            f"12 months, cold, in process; whole ledger built in {built:.0f} s"
            if built
            else "12 months, cold, in process",
        ),
        "numbers.report_ms": _slowest(_reports(scopes, YEAR), f"12 months, {len(REPORTS)} standard reports"),
        "numbers.decade_ms": _slowest(_reports(scopes, DECADE), f"ten years, {len(REPORTS)} standard reports", runs=3),
        "numbers.cached_ms": _cached(scopes["whole firm"]),
        "numbers.rebuild_ms": _rebuild(large),
        "numbers.growth": _ratio(
            whole, partial(_overview, _scopes(small)["whole firm"]), "100,000 activities of history"
        ),
        "numbers.vs_sql": _ratio(whole, partial(run_by_hand, large), "by hand on the mirror (numbers_by_hand.sql)"),
        **_versus_duckdb(large, whole),
        **_tenancy(scopes["whole firm"]),
    }


def beside() -> list[Line]:
    """Measure what has no figure of its own: explaining, closing, and figures as reported."""
    large, _ = find_firm(LARGE)
    return list(measure_beside(large, _scopes(large), YEAR, DECADE))


def _scopes(firm_id: int) -> dict[str, Scope]:
    five = Grant(timekeeper_ids=(3, 14, 25, 36, 47))
    return {"whole firm": Scope.whole_firm(firm_id), "five people": Scope(firm_id, ScopeKind.SUBSET, grants=(five,))}


def _overview(scope: Scope) -> None:
    with tenant(scope.firm_id, read_only=True):
        overview = compute_overview(scope=scope, period=YEAR, now=NOW)
    if overview.status != "ready":
        raise RuntimeError(f"the overview is {overview.status}")


def _reports(scopes: Mapping[str, Scope], period: str) -> dict[str, Callable[[], None]]:
    return {
        f"{report.key}, {name}": partial(_report, scope, report, period)
        for report in REPORTS
        for name, scope in scopes.items()
    }


def _report(scope: Scope, report: Any, period: str) -> None:
    """Run a report as it is declared, its tables one after the other: 100 rows of each and the totals.

    Ten years have more days than a table may have: its grain is the month then. What is set beside closed months is
    of the year that is closed.
    """
    with tenant(scope.firm_id, read_only=True):
        for table in report.tables:
            grain = Grain.MONTH if table.grain is Grain.DAY and period == DECADE else None
            of_closes = table.comparison is Comparison.CLOSED
            asked = ReportRequest(period=CLOSED_YEAR if of_closes else period, table=table.key, grain=grain)
            run_report(scope=scope, report=report, asked=asked, now=NOW, permissions=_EVERYTHING)


def _cached(scope: Scope) -> Figure:
    """Measure what the entrance takes for an answer it has, and for one the asker has."""
    view = OverviewView()
    view.access = FirmAccess(scope.firm_id, 0, Role.OWNER, scope, _EVERYTHING)
    first = _asked(view, scope, "")
    acts = {
        "from the cache": lambda: _asked(view, scope, ""),
        "304": lambda: _asked(view, scope, first["ETag"]),
    }
    return _slowest(acts, f"12 months, {len(first.content):,} bytes")


def _asked(view: OverviewView, scope: Scope, known: str) -> Any:
    headers = {"If-None-Match": known} if known else {}
    request = view.initialize_request(RequestFactory().get("/", {"period": YEAR}, headers=headers))
    with tenant(scope.firm_id, read_only=True):
        return view.read(request)


def _rebuild(firm_id: int) -> Figure:
    """Measure the ledger and its facts after pages of 200 changed entries."""
    timings = []
    for _ in range(RUNS):
        change_page(firm_id)
        timings.append(_once_ms(partial(rebuild_ledger, firm_id=firm_id, now=NOW)))
    return _figure(statistics.median(timings), "ms", 200, f"changed entries; at most {max(timings):.0f}")


def _versus_duckdb(firm_id: int, ours: Callable[[], None]) -> dict[str, Figure]:
    """Set the overview beside DuckDB, in turn."""
    with duckdb_beside(firm_id) as theirs:
        if theirs is None:
            return {}
        pairs = [(_once_ms(ours), theirs()) for _ in range(RUNS)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    detail = f"overview {mine:.0f} ms, DuckDB {other:.0f} ms (numbers_duckdb.py)"
    return {"numbers.vs_duckdb": _figure(mine / other, "ratio", LARGE.activities, detail)}


def _tenancy(scope: Scope) -> dict[str, Figure]:
    """Set the wall beside a role that no policy holds; in turn, so that both meet the same machine."""
    behind, before = [], []
    for _ in range(RUNS):
        behind.append(_warm_ms(scope))
        with without_the_wall():
            before.append(_warm_ms(scope))
    mine, bare = statistics.median(behind), statistics.median(before)
    detail = f"overview {mine:.0f} ms, by a role with BYPASSRLS {bare:.0f} ms"
    return {"tenancy.overhead": _figure(mine / bare, "ratio", LARGE.activities, detail)}


def _warm_ms(scope: Scope) -> float:
    _overview(scope)  # a connection's first statement reads the catalog
    return _once_ms(partial(_overview, scope))


def _ratio(ours: Callable[[], object], theirs: Callable[[], object], name: str) -> Figure:
    """Return the median of ours over that of theirs, in turn."""
    pairs = [(_once_ms(ours), _once_ms(theirs)) for _ in range(RUNS)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    return _figure(mine / other, "ratio", LARGE.activities, f"overview {mine:.0f} ms, {name} {other:.0f} ms")


def _slowest(acts: Mapping[str, Callable[[], object]], detail: str, runs: int = RUNS) -> Figure:
    timings = {name: _median_ms(act, runs) for name, act in acts.items()}
    ranked = sorted(timings.items(), key=lambda each: -each[1])
    listed = ", ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in itertools.islice(ranked, 6))
    return _figure(ranked[0][1], "ms", LARGE.activities, f"{detail}; {listed}", runs)


def _figure(value: float, unit: str, n: int, detail: str, runs: int = RUNS) -> Figure:
    return {
        "value": round(value, 3 if unit == "ratio" else 1),
        "unit": unit,
        "n": n,
        "median_of": runs,
        "detail": detail,
    }


def _median_ms(act: Callable[[], object], runs: int = RUNS) -> float:
    return statistics.median(_once_ms(act) for _ in range(runs))


def _once_ms(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000
