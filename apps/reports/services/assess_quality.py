"""Look for faults in the records behind the figures, in the scope of who asks (K48)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from apps.clio.interface import app_host
from apps.core.access import Extra
from apps.core.scope import Scope
from apps.reports.contracts.explanation import RowMark
from apps.reports.contracts.quality import CheckKind, CheckResult, DailyCheck, FaultyRow, QualityReport, Worklist
from apps.reports.errors import MetricNotPermitted, NoSuchCheck
from apps.reports.ledger.sync_ages import read_sync_ages
from apps.reports.metrics.catalogue import CATALOGUE
from apps.reports.queries.ledger_checks import list_last_checks
from apps.reports.queries.quality.checks import CHECK_BY_KEY, CHECKS
from apps.reports.queries.quality.declaration import Check
from apps.reports.queries.quality.read import Found, count_faults, list_faults
from apps.reports.rules.marked_pages import page_around
from apps.reports.services.describe_rows import as_told, label_facts, labels_of, page_of, record_of
from apps.reports.services.find_standing import find_standing


def assess_quality(*, scope: Scope, now: datetime, permissions: Collection[Extra]) -> QualityReport:
    """Return what every check finds; call it inside the firm's read-only transaction.

    Checks that need a permission the reader lacks are left out. Before the ledger was built there are none.
    """
    standing = find_standing(scope=scope, period="", now=now)
    report = QualityReport(standing.status, scope.kind.value, standing.freshness)
    if standing.ledger is None or standing.status != "ready":
        return report
    told = [check for check in CHECKS if check.needs is None or check.needs in permissions]
    found = count_faults(scope=scope, checks=told, today=standing.period.today)
    results = tuple(_result(check, *found[check.key]) for check in told)
    return replace(
        report,
        checks=results,
        entities=read_sync_ages(firm_id=scope.firm_id, now=now),
        daily=_daily(scope, permissions) if scope.is_whole_firm else (),
    )


def _daily(scope: Scope, permissions: Collection[Extra]) -> tuple[DailyCheck, ...]:
    checks = list_last_checks(firm_id=scope.firm_id)
    return tuple(each for each in checks if each.kind is not CheckKind.TRUST or Extra.TRUST in permissions)


def list_faulty_rows(
    *, scope: Scope, check: str, mark: RowMark | None, size: int, now: datetime, permissions: Collection[Extra]
) -> Worklist:
    """Return a page of the records a check finds. Raises NoSuchCheck, MetricNotPermitted."""
    declared = CHECK_BY_KEY.get(check)
    if declared is None:
        raise NoSuchCheck(f"There is no check {check[:60]}; there are {', '.join(CHECK_BY_KEY)}.")
    if declared.needs is not None and declared.needs not in permissions:
        raise MetricNotPermitted(check, declared.title, [declared.needs])
    today = find_standing(scope=scope, period="", now=now).period.today
    count, of = count_faults(scope=scope, checks=[declared], today=today)[check]
    found, following, previous = _page(scope, declared, mark, size, today)
    tells_people = Extra.NAMES in permissions
    rows = tuple(_rows(scope, found, tells_people=tells_people))
    return Worklist(_result(declared, count, of), rows, following, previous)


def _page(
    scope: Scope, check: Check, mark: RowMark | None, size: int, today: date
) -> tuple[Sequence[Found], RowMark | None, RowMark | None]:
    found = list_faults(
        scope=scope,
        check=check,
        today=today,
        beyond=(mark.row_id, mark.part) if mark else None,
        is_backwards=mark is not None and mark.is_backwards,
        limit=size + 1,
    )
    return page_around(found, size=size, mark=mark, mark_of=_mark)


def _mark(found: Found) -> RowMark:
    _, row_id, part, _ = found
    return RowMark(0, row_id, part)


def _rows(scope: Scope, found: Sequence[Found], *, tells_people: bool) -> Sequence[FaultyRow]:
    labels = label_facts(scope=scope, facts=[fact for *_, fact in found], tells_people=tells_people)
    host = app_host(firm_id=scope.firm_id)
    return [
        FaultyRow(
            kind=kind,
            row_id=row_id,
            part=part,
            facts=as_told(fact, kind=kind, scope=scope),
            labels=labels_of(fact, labels),
            record=record_of(kind, row_id, fact),
            page=page_of(host, fact) if host else "",
        )
        for kind, row_id, part, fact in found
    ]


def _result(check: Check, count: int, of: int | None) -> CheckResult:
    touched = tuple(
        metric.name for metric in CATALOGUE if check.affects & {measure.source for measure in metric.uses()}
    )
    return CheckResult(check.key, check.title, check.why, check.to_do, check.severity, count, of, touched)
