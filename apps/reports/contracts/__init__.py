"""What crosses the rooms and the door of reports."""

from apps.reports.contracts.declared import Chart, Report, ReportAnswer, ReportRequest, Table, TableAnswer
from apps.reports.contracts.overview import (
    Bucket,
    CurrencyFigures,
    Figures,
    Freshness,
    LedgerState,
    MonthFigures,
    Overview,
    QualityFlag,
)
from apps.reports.contracts.periods import FirmCalendar, Grain, Period
from apps.reports.contracts.query import (
    Answer,
    AnswerRow,
    Column,
    Comparison,
    DetailColumn,
    DetailKind,
    Dimension,
    Filters,
    KeyValue,
    Order,
    Page,
    Query,
)
from apps.reports.contracts.sources import Measure, Source, Unit

__all__ = [
    "Answer",
    "AnswerRow",
    "Bucket",
    "Chart",
    "Column",
    "Comparison",
    "CurrencyFigures",
    "DetailColumn",
    "DetailKind",
    "Dimension",
    "Figures",
    "Filters",
    "FirmCalendar",
    "Freshness",
    "Grain",
    "KeyValue",
    "LedgerState",
    "Measure",
    "MonthFigures",
    "Order",
    "Overview",
    "Page",
    "Period",
    "QualityFlag",
    "Query",
    "Report",
    "ReportAnswer",
    "ReportRequest",
    "Source",
    "Table",
    "TableAnswer",
    "Unit",
]
