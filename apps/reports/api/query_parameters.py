"""A question to the metric layer as an address states it: `metrics=collected&dimensions=client&filter[client]=7`."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from apps.reports.contracts import Comparison, Dimension, Filters, Grain, KeyValue, Order, Page, Query
from apps.reports.errors import QuestionNotUnderstood

_FILTER = re.compile(r"filter\[(\w+)\]")
_KNOWN = frozenset({"metrics", "dimensions", "grain", "period", "compare", "currency", "sort", "limit", "offset"})
_WORDS = frozenset(
    {Dimension.ROLE, Dimension.STATUS, Dimension.BILLING_METHOD, Dimension.FEE_EXPENSE, Dimension.METHOD}
)
MOST_ROWS, ROWS, FURTHEST = 500, 100, 1_000_000
Word = TypeVar("Word", bound=StrEnum)


def read_query(parameters: Mapping[str, str]) -> Query:
    """Return the question of an address. Raises QuestionNotUnderstood, which names the parameter."""
    for name in parameters:
        if name not in _KNOWN and not _FILTER.fullmatch(name):
            raise QuestionNotUnderstood(name, "There is no such parameter.", "unknown_parameter")
    sort = parameters.get("sort", "")
    return Query(
        metrics=tuple(_list(parameters, "metrics")),
        period=parameters.get("period", ""),
        dimensions=tuple(_word(Dimension, "dimensions", text) for text in _list(parameters, "dimensions")),
        grain=_optional(Grain, parameters, "grain"),
        filters=_filters(parameters),
        comparison=_optional(Comparison, parameters, "compare"),
        currency=_currency(parameters.get("currency", "")),
        order=Order(sort.removeprefix("-"), descending=sort.startswith("-")),
        page=Page(_number(parameters, "limit", ROWS, 1, MOST_ROWS), _number(parameters, "offset", 0, 0, FURTHEST)),
    )


def _list(parameters: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in parameters.get(name, "").split(",") if part.strip()]


def _optional(kind: type[Word], parameters: Mapping[str, str], name: str) -> Word | None:
    text = parameters.get(name, "")
    return _word(kind, name, text) if text else None


def _word(kind: type[Word], name: str, text: str) -> Word:
    try:
        return kind(text)
    except ValueError as error:
        detail = f"{text[:60]} is none of {', '.join(kind)}."
        raise QuestionNotUnderstood(name, detail, "unknown_word") from error


def _filters(parameters: Mapping[str, str]) -> Filters:
    filters: dict[Dimension, tuple[KeyValue, ...]] = {}
    for name in parameters:
        if match := _FILTER.fullmatch(name):
            dimension = _word(Dimension, name, match[1])
            filters[dimension] = tuple(_value(dimension, name, text) for text in _list(parameters, name))
            if not filters[dimension]:
                raise QuestionNotUnderstood(name, "Name at least one value, or `none`.", "required")
    return filters


def _value(dimension: Dimension, name: str, text: str) -> KeyValue:
    if text == "none":
        return None
    if dimension in _WORDS:
        return text
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise QuestionNotUnderstood(name, f"{text[:60]} is no id.", "invalid_id")
    return int(text)


def _currency(text: str) -> str:
    if text and not re.fullmatch(r"[A-Z]{3}", text):
        raise QuestionNotUnderstood("currency", "A currency is three capital letters, such as USD.")
    return text


def _number(parameters: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        raise QuestionNotUnderstood(name, f"A whole number from {least} to {most}.")
    return int(text)
