"""Check a report that somebody declares: everything it names is there, fits together, and is theirs to read."""

from collections.abc import Collection, Iterable
from datetime import date

from apps.core.access import Extra
from apps.core.errors import FieldFault
from apps.reports.contracts import FirmCalendar, Query, Report, Table
from apps.reports.errors import MetricNotPermitted, QuestionNotUnderstood, ReportNotValid
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.rules.periods import NotAPeriod, resolve_period
from apps.reports.services.check_query import check_query
from apps.reports.services.run_report import columns_of, query_of

MOST_TABLES, MOST_COLUMNS = 12, 60
_Faults = Iterable[FieldFault]


def check_report(report: Report, *, permissions: Collection[Extra], today: date, calendar: FirmCalendar) -> None:
    """Raise ReportNotValid, which names every field that is wrong: `/tables/0/columns`."""
    faults = list(_of_period("/period", report.period, today, calendar))
    if len(report.tables) > MOST_TABLES:
        raise ReportNotValid(faults=(FieldFault("/tables", f"A report has at most {MOST_TABLES} tables.", "too_many"),))
    keys = [table.key for table in report.tables]
    if len(set(keys)) != len(keys):
        faults.append(FieldFault("/tables", "Two tables have the same key.", "not_unique"))
    for place, table in enumerate(report.tables):
        for fault in _of_table(report, table, permissions, today, calendar):
            faults.append(FieldFault(f"/tables/{place}{fault.pointer}", fault.detail, fault.code))
    if not faults:
        faults += _of_groupings(report)
    if faults:
        raise ReportNotValid("The report cannot be kept as it is.", faults=tuple(faults))


def _of_table(
    report: Report, table: Table, permissions: Collection[Extra], today: date, calendar: FirmCalendar
) -> _Faults:
    if table.period:
        yield from _of_period("/period", table.period, today, calendar)
    if len(columns_of(table)) > MOST_COLUMNS:
        yield FieldFault("/columns", f"A table has at most {MOST_COLUMNS} columns.", "too_many")
    faults = list(_of_question(query_of(report, table), permissions))
    yield from faults
    if not faults:
        yield from _of_columns(table)


def _of_groupings(report: Report) -> _Faults:
    offered = {
        each for table in report.tables if table.group_by for name in table.metrics() for each in BY_NAME[name].dims
    }
    for dimension in report.groupings:
        if dimension not in offered:
            detail = f"None of its columns can be grouped by {dimension}."
            yield FieldFault("/groupings", detail, "meaningless_combination")


def _of_question(query: Query, permissions: Collection[Extra]) -> _Faults:
    """Yield what is wrong with the question a table is, under the names a table has for it."""
    try:
        check_query(query, permissions)
    except QuestionNotUnderstood as error:
        for fault in error.faults:
            pointer = "/filters" if fault.pointer.startswith("/filter[") else fault.pointer
            yield FieldFault(_NAMED.get(pointer, pointer), fault.detail, fault.code)
    except MetricNotPermitted as error:
        yield FieldFault("/columns", error.detail, "not_permitted")


_NAMED = {"/metrics": "/columns", "/dimensions": "/group_by"}


def _of_columns(table: Table) -> _Faults:
    for column in columns_of(table):
        name, _, item = column.partition(".")
        if item not in BY_NAME[name].items:
            detail = f"{BY_NAME[name].title} has no item {item[:60]}; it has {', '.join(BY_NAME[name].items)}."
            yield FieldFault("/columns", detail, "unknown_column")


def _of_period(pointer: str, text: str, today: date, calendar: FirmCalendar) -> _Faults:
    try:
        resolve_period(text, today=today, calendar=calendar)
    except NotAPeriod as error:
        yield FieldFault(pointer, str(error), "invalid_period")
