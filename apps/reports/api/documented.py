"""What the API's documentation says of parameters that several entrances take."""

from drf_spectacular.utils import OpenApiParameter

from apps.reports.contracts import Attributes, Comparison, Dimension, Grain, Mode
from apps.reports.queries.details import list_details
from apps.reports.rules.periods import PRESETS
from apps.reports.services.find_standing import DEFAULT_PERIOD

_INTERVALS = (
    f"One of {', '.join(PRESETS)}; a month such as `2025-03`; or `2025-01-01..2025-03-31`, both days included. "
    "In the firm's time zone and fiscal year"
)
PERIOD = OpenApiParameter("period", str, description=f"{_INTERVALS}; `{DEFAULT_PERIOD}` if left out.")
REPORT_PERIOD = OpenApiParameter("period", str, description=f"{_INTERVALS}; the report's own if left out.")
CURRENCY = OpenApiParameter(
    "currency",
    str,
    description=(
        "Money in this currency, `USD`; or `converted:USD`: money of all currencies converted into it, each row at the "
        "exchange rate the firm keeps for the day that places it. The firm's own currency if left out."
    ),
)
ONE_CURRENCY = OpenApiParameter(
    "currency", str, description="Money in this currency, never converted; the firm's if left out."
)
OVERVIEW_CURRENCY = OpenApiParameter(
    "currency",
    str,
    description=(
        "Only money in this currency, `USD`; or `converted:USD`: money of all currencies converted into it, each row "
        "at the exchange rate the firm keeps for the day that places it. Each currency apart if left out."
    ),
)
_DIMENSIONS = f"At most three of {', '.join(Dimension)}, separated by commas"
_GRAIN = OpenApiParameter("grain", str, enum=list(Grain), description="Cuts the period into pieces.")
_PAGE = [
    OpenApiParameter(
        "filter[dimension]", str, description="Only these values, separated by commas; `none` for what has none."
    ),
    OpenApiParameter(
        "attributes",
        str,
        enum=list(Attributes),
        description="Rows count under the practice area, attorneys and group of their matter: today, or on their day.",
    ),
    OpenApiParameter(
        "compare",
        str,
        enum=[*Comparison, "none"],
        description="The period to set beside; `none`: none, also where a report is declared with one.",
    ),
    CURRENCY,
    OpenApiParameter("sort", str, description="A column or a dimension; `-` before it: the largest first."),
    OpenApiParameter("limit", int, description="Rows of the page, 1 to 500, 100 if left out."),
    OpenApiParameter("offset", int, description="Rows before the page."),
    OpenApiParameter(
        "mode",
        str,
        enum=list(Mode),
        description=(
            "`restated`, if left out: history by what is known now. `as_reported`: what was known at the end of the "
            "day a figure is as of, from the snapshot of that day; a day without one has no figure and is in `gaps`."
        ),
    ),
]
QUESTION = [
    OpenApiParameter("metrics", str, required=True, description="Names of metrics, separated by commas."),
    OpenApiParameter("dimensions", str, description=f"{_DIMENSIONS}."),
    OpenApiParameter(
        "details",
        str,
        description=f"Facts of the dimensions' values, of {', '.join(each.key for each in list_details())}; "
        "separated by commas.",
    ),
    OpenApiParameter(
        "subtotals", bool, description="Order the rows by the leading dimensions and add the subtotals of each."
    ),
    _GRAIN,
    PERIOD,
    *_PAGE,
]
REPORT = [
    OpenApiParameter("table", str, description="Only this table of the report."),
    OpenApiParameter("columns", str, description="Only these columns of the table, separated by commas."),
    OpenApiParameter("group_by", str, description=f"{_DIMENSIONS}; of the table's groupings."),
    _GRAIN,
    REPORT_PERIOD,
    *_PAGE,
]
