"""A report as it is declared, by us or by a firm: tables over the metric layer, and what one is asked for when run."""

from dataclasses import dataclass, field
from enum import StrEnum

from apps.reports.contracts.periods import Grain
from apps.reports.contracts.query import Answer, Attributes, Comparison, Dimension, Filters, Mode, Order, Page


class Chart(StrEnum):
    """How a table wants to be drawn."""

    NONE = "none"
    AREA = "area"
    BARS = "bars"
    BULLET = "bullet"
    CARDS = "cards"
    COLUMNS = "columns"
    DONUT = "donut"
    FUNNEL = "funnel"
    HEAT_MAP = "heat_map"
    HISTOGRAM = "histogram"
    COHORT_GRID = "cohort_grid"
    COLUMNS_WITH_BAND = "columns_with_band"
    LINES = "lines"
    PARETO = "pareto"
    SCATTER = "scatter"
    SHARES = "shares"
    STACKED_BARS = "stacked_bars"
    STACKED_COLUMNS = "stacked_columns"
    TREEMAP = "treemap"
    WATERFALL = "waterfall"


_AS_DECLARED, _FIRST_PAGE = Order(), Page()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report.

    columns: items of metrics, `billed.fees`, in the order they are shown; a name of a metric means all its items.
    details: facts of a row's key, `bill.due_on`. group_by: up to three dimensions; the rows come in the order of the
    first ones, each with its subtotal. period: where the table has one of its own, whatever is asked. attributes: whose
    practice area, attorneys and group rows count under, unless asked otherwise.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    group_by: tuple[Dimension, ...] = ()
    grain: Grain | None = None
    details: tuple[str, ...] = ()
    filters: Filters = field(default_factory=dict)
    comparison: Comparison | None = None
    order: Order = _AS_DECLARED
    chart: Chart = Chart.NONE
    period: str = ""
    attributes: Attributes = Attributes.TODAY

    def metrics(self) -> tuple[str, ...]:
        """Return the metrics the columns are items of, each once."""
        return tuple(dict.fromkeys(column.partition(".")[0] for column in self.columns))


@dataclass(frozen=True, slots=True)
class Report:
    """A report. key: its name in an address. number: of a standard one, in kpis.md section 6; 0 of a firm's own.

    groupings: what its tables may be grouped by instead. period: what it is about unless asked otherwise. address:
    below the firm's, where it is answered if it is no tables of questions; it then has a chart of its own.
    """

    key: str
    title: str
    question: str
    tables: tuple[Table, ...]
    number: int = 0
    date_basis: str = ""
    groupings: tuple[Dimension, ...] = ()
    period: str = "this_month"
    address: str = ""
    chart: Chart = Chart.NONE


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What is asked of a report when it is run. Empty means: as it is declared.

    table: only this one. columns: only these of them. group_by, order and page are of that one table, or of every one.
    is_uncompared: without the comparison its tables are declared with.
    """

    period: str = ""
    table: str = ""
    columns: tuple[str, ...] = ()
    group_by: tuple[Dimension, ...] | None = None
    grain: Grain | None = None
    filters: Filters = field(default_factory=dict)
    comparison: Comparison | None = None
    currency: str = ""
    order: Order = _AS_DECLARED
    page: Page = _FIRST_PAGE
    mode: Mode = Mode.RESTATED
    attributes: Attributes | None = None
    is_uncompared: bool = False


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """A table of a report with the rows it has for its reader.

    left_out: columns the reader may not see, or that mean nothing by these groups; details where only figures are read.
    """

    table: Table
    answer: Answer
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A report that was run."""

    report: Report
    tables: tuple[TableAnswer, ...]
