"""A question to the metric layer as an address states it: `metrics=collected&dimensions=client&filter[client]=7`."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NoReturn, TypeVar

from apps.core.pages import LARGEST_PAGE, PAGE_SIZE
from apps.reports.api.row_marks import read_mark
from apps.reports.contracts import (
    Attributes,
    Comparison,
    Dimension,
    Filters,
    Grain,
    KeyValue,
    Mode,
    Page,
    Query,
    ReportRequest,
)
from apps.reports.contracts.closing import AdjustmentsQuestion
from apps.reports.contracts.conversion import read_currency
from apps.reports.contracts.explanation import Cell, CellQuestion, RowMark
from apps.reports.contracts.leaderboard import LeaderboardQuestion
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.rules.definitions import read_sort, read_value

_PAGED = frozenset({"period", "attributes", "grain", "compare", "currency", "sort", "limit", "offset", "mode"})
_FILTER = re.compile(r"filter\[(\w+)\]")
_KEY = re.compile(r"cell\[(\w+)\]")
_OF_QUERIES = _PAGED | {"metrics", "dimensions", "details", "subtotals"}
_OF_CELLS = frozenset({"item", "piece", "of", "cursor", "page_size"})
_OF_LEADERBOARDS = frozenset({"metric", "item", "period", "currency"})
_OF_ADJUSTMENTS = frozenset({"item", "currency", "cursor", "page_size"})
_OF_REPORTS = _PAGED | {"table", "columns", "group_by"}
MOST_ROWS, ROWS, FURTHEST = 500, 100, 1_000_000
UNCOMPARED = "none"
Word = TypeVar("Word", bound=StrEnum)


def read_query(parameters: Mapping[str, str]) -> Query:
    """Return the question of an address. Raises QuestionNotUnderstood, which names the parameter."""
    _check_names(parameters, _OF_QUERIES)
    return Query(
        metrics=tuple(_list(parameters, "metrics")),
        period=parameters.get("period", ""),
        dimensions=_dimensions(parameters, "dimensions"),
        grain=_optional(Grain, parameters, "grain"),
        filters=_filters(parameters),
        comparison=_comparison(parameters),
        currency=_currency(parameters.get("currency", "")),
        order=read_sort(parameters.get("sort", "")),
        page=_page(parameters),
        details=tuple(_list(parameters, "details")),
        subtotals=_yes_or_no(parameters, "subtotals"),
        mode=_mode(parameters),
        attributes=_optional(Attributes, parameters, "attributes") or Attributes.TODAY,
    )


def read_leaderboard_question(parameters: Mapping[str, str]) -> LeaderboardQuestion:
    """Return what an address asks of the leaderboard. Raises QuestionNotUnderstood, which names the parameter."""
    _check_only(parameters, _OF_LEADERBOARDS)
    return LeaderboardQuestion(
        metric=parameters.get("metric", ""),
        item=parameters.get("item", ""),
        period=parameters.get("period", ""),
        currency=_currency(parameters.get("currency", "")),
    )


def read_forecast_currency(parameters: Mapping[str, str]) -> str:
    """Return the currency a forecast is asked in; empty is the firm's. Raises QuestionNotUnderstood."""
    _check_only(parameters, frozenset({"currency"}))
    currency = _currency(parameters.get("currency", ""))
    if read_currency(currency).is_converted:
        detail = "A forecast learns from bills of one currency and is told in it; name one, such as USD."
        raise QuestionNotUnderstood("currency", detail, "not_converted")
    return currency


def read_report_request(parameters: Mapping[str, str]) -> ReportRequest:
    """Return what an address asks of a report. Raises QuestionNotUnderstood, which names the parameter."""
    _check_names(parameters, _OF_REPORTS)
    return ReportRequest(
        period=parameters.get("period", ""),
        table=parameters.get("table", ""),
        columns=tuple(_list(parameters, "columns")),
        group_by=_dimensions(parameters, "group_by") if "group_by" in parameters else None,
        grain=_optional(Grain, parameters, "grain"),
        filters=_filters(parameters),
        comparison=_comparison(parameters),
        is_uncompared=parameters.get("compare") == UNCOMPARED,
        currency=_currency(parameters.get("currency", "")),
        order=read_sort(parameters.get("sort", "")),
        page=_page(parameters),
        mode=_mode(parameters),
        attributes=_optional(Attributes, parameters, "attributes"),
    )


def read_cell_question(parameters: Mapping[str, str]) -> CellQuestion:
    """Return the figure an address asks about. Raises QuestionNotUnderstood naming the parameter, InvalidCursor."""
    of_cell = {name for name in parameters if name in _OF_CELLS or _KEY.fullmatch(name)}
    query = read_query({name: text for name, text in parameters.items() if name not in of_cell})
    _check_item(parameters)
    of = parameters.get("of", "now")
    if of not in ("now", "compared"):
        raise QuestionNotUnderstood("of", "Say now or compared.", "unknown_word")
    cell = Cell(parameters["item"], _keys(parameters), _day(parameters, "piece"), is_compared=of == "compared")
    return CellQuestion(query, cell, *_mark_and_size(parameters))


def read_adjustments_question(parameters: Mapping[str, str]) -> AdjustmentsQuestion:
    """Return what an address asks of a close. Raises QuestionNotUnderstood naming the parameter, InvalidCursor."""
    _check_names(parameters, _OF_ADJUSTMENTS)
    _check_item(parameters)
    mark, size = _mark_and_size(parameters)
    return AdjustmentsQuestion(
        item=parameters["item"],
        currency=_currency(parameters.get("currency", "")),
        filters=_filters(parameters),
        mark=mark,
        size=size,
    )


def read_page_of_rows(parameters: Mapping[str, str]) -> tuple[RowMark | None, int]:
    """Return which page of a list of rows is wanted. Raises QuestionNotUnderstood, InvalidCursor."""
    _check_only(parameters, frozenset({"cursor", "page_size"}))
    return _mark_and_size(parameters)


def read_period(parameters: Mapping[str, str]) -> str:
    """Return the period of an address that says nothing else; empty if left out. Raises QuestionNotUnderstood."""
    _check_only(parameters, frozenset({"period"}))
    return parameters.get("period", "")


def read_overview_question(parameters: Mapping[str, str]) -> tuple[str, str]:
    """Return the period and the currency of an overview's address, empty where left out.

    Raises QuestionNotUnderstood.
    """
    _check_only(parameters, frozenset({"period", "currency"}))
    return parameters.get("period", ""), parameters.get("currency", "")


def names_of_cells(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return what the entrance of single figures calls the fields of the question each is of."""
    cells = {f"filter[{match[1]}]": name for name in parameters if (match := _KEY.fullmatch(name))}
    return {"metrics": "item"} | {field: name for field, name in cells.items() if field not in parameters}


def read_page_size(parameters: Mapping[str, str]) -> int:
    """Return how many rows of a list are wanted, of an address that says nothing else. Raises QuestionNotUnderstood."""
    _check_only(parameters, frozenset({"cursor", "page_size"}))
    return _number(parameters, "page_size", PAGE_SIZE, 1, LARGEST_PAGE)


def _check_item(parameters: Mapping[str, str]) -> None:
    if "." not in parameters.get("item", ""):
        raise QuestionNotUnderstood("item", "Name the column by its `key`, such as `collected.fees`.", "required")


def _mark_and_size(parameters: Mapping[str, str]) -> tuple[RowMark | None, int]:
    return read_mark(parameters.get("cursor", "")), _number(parameters, "page_size", PAGE_SIZE, 1, LARGEST_PAGE)


def _keys(parameters: Mapping[str, str]) -> dict[Dimension, KeyValue]:
    keys: dict[Dimension, KeyValue] = {}
    for name, text in parameters.items():
        if match := _KEY.fullmatch(name):
            dimension = _word(Dimension, name, match[1])
            keys[dimension] = _value(dimension, name, text)
    return keys


def _day(parameters: Mapping[str, str], name: str) -> date | None:
    text = parameters.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QuestionNotUnderstood(name, f"`{name}` is a day, such as 2025-03-01.", "invalid_date") from error


def _check_only(parameters: Mapping[str, str], known: frozenset[str]) -> None:
    for name in parameters:
        if name not in known:
            _refuse_unknown(name, known)


def _check_names(parameters: Mapping[str, str], known: frozenset[str]) -> None:
    for name in parameters:
        if name not in known and not _FILTER.fullmatch(name):
            _refuse_unknown(name, known | {"filter[dimension]"})


def _refuse_unknown(name: str, known: frozenset[str]) -> NoReturn:
    detail = f"There is no parameter `{name[:80]}` here; there are {', '.join(sorted(known))}."
    raise QuestionNotUnderstood(name[:80], detail, "unknown_parameter")


def _dimensions(parameters: Mapping[str, str], name: str) -> tuple[Dimension, ...]:
    return tuple(_word(Dimension, name, text) for text in _list(parameters, name))


def _page(parameters: Mapping[str, str]) -> Page:
    return Page(_number(parameters, "limit", ROWS, 1, MOST_ROWS), _number(parameters, "offset", 0, 0, FURTHEST))


def _yes_or_no(parameters: Mapping[str, str], name: str) -> bool:
    text = parameters.get(name, "false")
    if text not in ("true", "false"):
        raise QuestionNotUnderstood(name, "Say true or false.")
    return text == "true"


def _list(parameters: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in parameters.get(name, "").split(",") if part.strip()]


def _optional(kind: type[Word], parameters: Mapping[str, str], name: str) -> Word | None:
    text = parameters.get(name, "")
    return _word(kind, name, text) if text else None


def _comparison(parameters: Mapping[str, str]) -> Comparison | None:
    text = parameters.get("compare", "")
    return None if text in ("", UNCOMPARED) else _word(Comparison, "compare", text)


def _mode(parameters: Mapping[str, str]) -> Mode:
    return _optional(Mode, parameters, "mode") or Mode.RESTATED


def _word(kind: type[Word], name: str, text: str) -> Word:
    try:
        return kind(text)
    except ValueError as error:
        detail = f"`{name}`: {text[:60]} is none of {', '.join(kind)}."
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
    try:
        return read_value(dimension, text)
    except ValueError as error:
        raise QuestionNotUnderstood(name, str(error), "invalid_id") from error


def _currency(text: str) -> str:
    try:
        read_currency(text)
    except ValueError as error:
        raise QuestionNotUnderstood("currency", str(error)) from error
    return text


def _number(parameters: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        detail = f"`{name}` is a whole number from {least} to {most}, not {text[:30]}."
        raise QuestionNotUnderstood(name, detail)
    return int(text)
