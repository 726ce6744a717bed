"""The declarations of the standard reports: everything they name is there, and fits together."""

import pytest

from apps.reports.contracts import Report, Table
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.queries.details import find_detail
from apps.reports.rules.periods import PRESETS
from apps.reports.services.run_report import columns_of
from apps.reports.standard.catalogue import REPORTS

_TABLES = [pytest.param(report, table, id=f"{report.key}-{table.key}") for report in REPORTS for table in report.tables]


def test_no_two_reports_have_the_same_key_or_number() -> None:
    assert len({report.key for report in REPORTS}) == len(REPORTS)
    assert len({report.number for report in REPORTS}) == len(REPORTS)
    assert all(report.period in PRESETS for report in REPORTS if report.tables or report.period)


@pytest.mark.parametrize(("report", "table"), _TABLES)
def test_every_column_is_an_item_of_a_metric(report: Report, table: Table) -> None:
    for column in columns_of(table):
        name, _, item = column.partition(".")
        assert item in BY_NAME[name].items, column


@pytest.mark.parametrize(("report", "table"), _TABLES)
def test_every_metric_is_offered_by_the_declared_groups(report: Report, table: Table) -> None:
    for dimension in table.group_by:
        assert [name for name in table.metrics() if dimension not in BY_NAME[name].dims] == [], dimension


@pytest.mark.parametrize("report", [each for each in REPORTS if each.tables], ids=lambda report: report.key)
def test_every_other_grouping_is_offered_by_some_metric(report: Report) -> None:
    named = {name for table in report.tables if table.group_by for name in table.metrics()}
    for dimension in report.groupings:
        assert [name for name in named if dimension in BY_NAME[name].dims], dimension


@pytest.mark.parametrize(("report", "table"), _TABLES)
def test_every_detail_is_of_a_dimension_the_table_is_grouped_by(report: Report, table: Table) -> None:
    for name in table.details:
        detail = find_detail(name)
        assert detail, name
        assert detail.dimension in table.group_by, name


@pytest.mark.parametrize(("report", "table"), _TABLES)
def test_the_order_is_by_a_column_or_a_group(report: Report, table: Table) -> None:
    assert table.order.by in ("", *columns_of(table), *table.group_by)
    assert table.period in ("", *PRESETS)
