"""Run a report, a standard one or a firm's own: its tables are questions to the metric layer."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.reports.contracts import (
    Dimension,
    Filters,
    Order,
    Query,
    Report,
    ReportAnswer,
    ReportRequest,
    Table,
    TableAnswer,
)
from apps.reports.errors import MetricNotPermitted, QuestionNotUnderstood
from apps.reports.metrics.as_reported import has_figures
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.metrics.converted import converted
from apps.reports.queries.kept import get_rules
from apps.reports.services.check_people import own_row
from apps.reports.services.check_query import find_currency
from apps.reports.services.compute_answer import compute_answer

_NOTHING = ReportRequest()
NAMES_IN_REPORTS = {"metrics": "columns", "dimensions": "group_by"}
"""What a report calls the fields of the questions its tables are."""


def run_report(
    *, scope: Scope, report: Report, asked: ReportRequest, now: datetime, permissions: Collection[Extra]
) -> ReportAnswer:
    """Return the tables of a report as one reader may see them; call it inside the firm's read-only transaction.

    Columns that need a permission the reader lacks, or that mean nothing by the groups, in the knowledge mode or
    converted as asked for, are left out and named, like details where only figures may be read; a table of which
    nothing is left is refused as its first metric is. A table by person is narrowed to the reader's own row, and says
    so, where the firm shows no more. Raises what compute_answer raises; QuestionNotUnderstood names what the report has
    not.
    """
    tables = _chosen(report, asked)
    return ReportAnswer(report, tuple(_run(scope, report, table, asked, now, permissions) for table in tables))


def _chosen(report: Report, asked: ReportRequest) -> list[Table]:
    tables = [table for table in report.tables if asked.table in ("", table.key)]
    if not tables:
        names = ", ".join(table.key for table in report.tables)
        detail = f"This report has no table {asked.table[:60]}; it has {names}."
        raise QuestionNotUnderstood("table", detail, "unknown_table")
    if len(tables) > 1:
        _refuse_of_one_table(report, asked)
    return [_as_asked(report, table, asked) for table in tables]


def _refuse_of_one_table(report: Report, asked: ReportRequest) -> None:
    """Refuse of a report of several tables what is meant for one of them. Raises QuestionNotUnderstood."""
    given = {
        "columns": asked.columns,
        "group_by": asked.group_by is not None,
        "sort": asked.order.by,
        "offset": asked.page.offset,
    }
    names = " and ".join(f"`{name}`" for name, is_given in given.items() if is_given)
    if not names:
        return
    fitting = [
        table.key for table in report.tables if not asked.group_by or {*asked.group_by} <= {*offered_by(report, table)}
    ]
    tables = ", ".join(fitting or [table.key for table in report.tables])
    detail = f"This report has several tables: say by `table` which one {names} is for, of {tables}."
    raise QuestionNotUnderstood("table", detail, "required")


def offered_by(report: Report, table: Table) -> tuple[Dimension, ...]:
    """Return what a table of a report may be grouped by: its own groups, and those of the report that mean something.

    A grouping means something where at least one column is offered by it together with what the table is narrowed to.
    """
    named = [BY_NAME[name] for name in table.metrics() if name in BY_NAME]
    fitting = [metric.dims for metric in named if metric.fits(dimensions=(), filters=table.filters)]
    offered = [each for each in report.groupings or Dimension if any(each in dims for dims in fitting)]
    return tuple(dict.fromkeys((*table.group_by, *offered)))


def _as_asked(report: Report, table: Table, asked: ReportRequest) -> Table:
    """Return a table with what was asked otherwise."""
    group_by = table.group_by if asked.group_by is None else asked.group_by
    _check_groups(report, table, group_by)
    shown = [column for column in columns_of(table) if not asked.columns or column in asked.columns]
    unknown = [column for column in asked.columns if column not in shown]
    if unknown:
        names = ", ".join(columns_of(table))
        detail = f"The table {table.key} has no column {unknown[0][:60]}; it has {names}."
        raise QuestionNotUnderstood("columns", detail, "unknown_column")
    as_asked = replace(
        _with_columns(regroup(table, group_by), shown),
        grain=asked.grain or table.grain,
        filters={**table.filters, **asked.filters},
        comparison=None if asked.is_uncompared else asked.comparison or table.comparison,
    )
    return replace(as_asked, order=asked.order) if asked.order.by else as_asked


def _check_groups(report: Report, table: Table, group_by: tuple[Dimension, ...]) -> None:
    """Refuse groups that a report with groupings of its own does not have, or that mean nothing in the table."""
    if not report.groupings or group_by == table.group_by:
        return
    offered = offered_by(report, table)
    strange = next((dimension for dimension in group_by if dimension not in offered), None)
    if strange:
        detail = f"The table {table.key} is not grouped by {strange}; it may be by {', '.join(offered)}."
        raise QuestionNotUnderstood("group_by", detail, "unknown_grouping")


def _with_columns(table: Table, columns: Sequence[str]) -> Table:
    """Return the table with these columns, without an order by what it no longer shows."""
    gone = set(columns_of(table)) - set(columns)
    return replace(table, columns=tuple(columns), order=Order() if table.order.by in gone else table.order)


def regroup(table: Table, group_by: tuple[Dimension, ...]) -> Table:
    """Return the table grouped otherwise, without the details and the order of what it is no longer grouped by."""
    gone = set(table.group_by) - set(group_by)
    return replace(
        table,
        group_by=group_by,
        details=tuple(name for name in table.details if name.partition(".")[0] not in gone),
        order=Order() if table.order.by in gone else table.order,
    )


def columns_of(table: Table) -> list[str]:
    """Return the columns, where a metric is named with all its items."""
    columns: list[str] = []
    for column in table.columns:
        name, _, item = column.partition(".")
        metric = BY_NAME.get(name)
        columns += [column] if item or metric is None else [f"{name}.{each}" for each in metric.items]
    return columns


def _run(
    scope: Scope,
    report: Report,
    table: Table,
    asked: ReportRequest,
    now: datetime,
    permissions: Collection[Extra],
) -> TableAnswer:
    readable = [column for column in table.columns if _may_read(column, permissions)]
    if not readable:
        _refuse(table.columns, permissions)
    shown = [column for column in readable if _fits(column, table, asked)] or readable
    details = table.details if scope.shows_records else ()
    left_out = tuple(name for name in (*table.columns, *table.details) if name not in (*shown, *details))
    table = replace(_with_columns(table, shown), details=details)
    table = replace(table, filters={**_own_row(scope, table, permissions), **table.filters})
    try:
        answer = compute_answer(scope=scope, query=query_of(report, table, asked), now=now, permissions=permissions)
    except (QuestionNotUnderstood, MetricNotPermitted) as error:
        if table.period and error.field == "period" and isinstance(error, QuestionNotUnderstood):
            raise QuestionNotUnderstood("table", _own_period(report, table), error.fault_code) from error
        raise error.renamed(NAMES_IN_REPORTS) from error
    by_key = {column.key: column for column in answer.columns}
    columns = tuple(by_key[column] for column in table.columns if column in by_key)
    return TableAnswer(table, replace(answer, columns=columns), left_out)


def _own_period(report: Report, table: Table) -> str:
    """Return what is to be done about a table whose period is not the asker's to choose."""
    others = ", ".join(each.key for each in report.tables if not each.period)
    instead = f"ask for another one by `table`: {others}" if others else "ask without it"
    return (
        f"The table {table.key} is always of {table.period.replace('_', ' ')}, which is not whole months, so closed "
        f"months cannot tell it (`mode=as_reported`, `compare=closed`): {instead}."
    )


def _own_row(scope: Scope, table: Table, permissions: Collection[Extra]) -> Filters:
    """Return what a table by person is narrowed to before somebody who is not shown colleagues."""
    rules = get_rules(firm_id=scope.firm_id)
    return own_row(scope=scope, table=table.group_by, rules=rules, permissions=permissions)


def query_of(report: Report, table: Table, asked: ReportRequest = _NOTHING) -> Query:
    """Return the question that a table of a report is."""
    return Query(
        metrics=table.metrics(),
        period=table.period or asked.period or report.period,
        dimensions=table.group_by,
        grain=table.grain,
        filters=table.filters,
        comparison=table.comparison,
        currency=asked.currency,
        order=table.order,
        page=asked.page,
        details=table.details,
        subtotals=len(table.group_by) > 1,
        mode=asked.mode,
        attributes=asked.attributes or table.attributes,
        columns=table.columns,
    )


def _may_read(column: str, permissions: Collection[Extra]) -> bool:
    name, _, item = column.partition(".")
    metric = BY_NAME.get(name)
    return metric is None or (not metric.lacking(permissions) and item in metric.for_reader(permissions).items)


def _fits(column: str, table: Table, asked: ReportRequest) -> bool:
    name, _, item = column.partition(".")
    metric, by = BY_NAME.get(name), {*table.group_by, *table.filters}
    if metric is None:
        return True
    if find_currency(asked.currency).is_converted and item not in converted(metric).items:
        return False
    fits = metric.fits(dimensions=table.group_by, filters=table.filters)
    return fits and has_figures(metric, item, asked.mode, by)


def _refuse(columns: Iterable[str], permissions: Collection[Extra]) -> None:
    metric = BY_NAME[next(iter(columns)).partition(".")[0]]
    needs = metric.lacking(permissions) or sorted(set(metric.items_need.values()))
    raise MetricNotPermitted(metric.name, metric.title, needs, field="columns")
