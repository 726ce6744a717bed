"""A report's declaration as plain values, the way the API takes and shows it and the database keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.reports.contracts import (
    Attributes,
    Chart,
    Comparison,
    Dimension,
    Filters,
    Grain,
    KeyValue,
    Order,
    Report,
    Table,
)

Definition = dict[str, Any]
WORDS = frozenset(
    {
        Dimension.ROLE,
        Dimension.STATUS,
        Dimension.BILLING_METHOD,
        Dimension.FEE_EXPENSE,
        Dimension.METHOD,
        Dimension.COST_KIND,
        Dimension.CURRENCY,
    }
)
"""Dimensions whose values are words; those of others are Clio's ids."""
CLOSED_WORDS: Mapping[Dimension, tuple[str, ...]] = {
    Dimension.FEE_EXPENSE: ("fee", "expense", "unreconciled", "interest", "credit"),
    Dimension.METHOD: ("trust", "card", "echeck", "operating", "direct"),
    Dimension.COST_KIND: ("hard", "soft", "plain"),
}
"""The words of dimensions that are sorted by ourselves, so that there are no others; those of the rest are Clio's."""


def read_definition(definition: Mapping[str, Any], *, key: str) -> Report:
    """Return the report of a definition whose words were checked before."""
    return Report(
        key=key,
        title=definition["title"],
        question=definition["question"],
        period=definition["period"],
        groupings=tuple(Dimension(name) for name in definition["groupings"]),
        tables=tuple(_table(table) for table in definition["tables"]),
    )


def write_definition(report: Report) -> Definition:
    """Return a report as plain values."""
    return {
        "title": report.title,
        "question": report.question,
        "period": report.period,
        "groupings": [dimension.value for dimension in report.groupings],
        "tables": [_written(table) for table in report.tables],
    }


def write_filters(filters: Filters) -> dict[str, list[str]]:
    """Return filters as text; `none` for what has none."""
    return {
        dimension.value: ["none" if value is None else str(value) for value in values]
        for dimension, values in filters.items()
    }


def write_sort(order: Order) -> str:
    """Return an order as an address says it."""
    return f"{'-' if order.by and order.descending else ''}{order.by}"


def read_sort(text: str) -> Order:
    """Return the order of `-billed.total`: the largest first."""
    return Order(text.removeprefix("-"), descending=text.startswith("-"))


def read_value(dimension: Dimension, text: str) -> KeyValue:
    """Return a value of a dimension. Raises ValueError where an id is none, or a word is not one of ours."""
    if text == "none":
        return None
    if text not in CLOSED_WORDS.get(dimension, (text,)):
        raise ValueError(f"{text[:60]} is none of {', '.join(CLOSED_WORDS[dimension])} and none.")
    return _value(dimension, text)


def _value(dimension: Dimension, text: str) -> KeyValue:
    if text == "none":
        return None
    if dimension in WORDS:
        return text
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        words = dimension.replace("_", " ")
        raise ValueError(f"{text[:60]} is no id of a {words}: take those of `keys` in an answer, or say none.")
    return int(text)


def _table(table: Mapping[str, Any]) -> Table:
    return Table(
        key=table["key"],
        title=table["title"],
        columns=tuple(table["columns"]),
        details=tuple(table["details"]),
        group_by=tuple(Dimension(name) for name in table["group_by"]),
        grain=Grain(table["grain"]) if table["grain"] else None,
        filters=_filters(table["filters"]),
        comparison=Comparison(table["comparison"]) if table["comparison"] else None,
        order=read_sort(table["sort"]),
        chart=Chart(table["chart"]),
        period=table["period"],
        attributes=Attributes(table.get("attributes", Attributes.TODAY)),
    )


def _filters(filters: Mapping[str, Sequence[str]]) -> Filters:
    return {
        Dimension(name): tuple(_value(Dimension(name), text) for text in values) for name, values in filters.items()
    }


def _written(table: Table) -> Definition:
    return {
        "key": table.key,
        "title": table.title,
        "columns": list(table.columns),
        "details": list(table.details),
        "group_by": [dimension.value for dimension in table.group_by],
        "grain": table.grain.value if table.grain else None,
        "filters": write_filters(table.filters),
        "comparison": table.comparison.value if table.comparison else None,
        "sort": write_sort(table.order),
        "chart": table.chart.value,
        "period": table.period,
        # Definitions kept before there was a choice have no word on it.
        **({"attributes": table.attributes.value} if table.attributes is not Attributes.TODAY else {}),
    }
