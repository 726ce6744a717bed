"""The page around a mark: which of the rows read belong to it, and the marks of its neighbors."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from apps.reports.contracts.explanation import RowMark

_Row = TypeVar("_Row")


def page_around(
    found: Sequence[_Row], *, size: int, mark: RowMark | None, mark_of: Callable[[_Row], RowMark]
) -> tuple[Sequence[_Row], RowMark | None, RowMark | None]:
    """Return the page's rows, the mark of the page after it and of the page before it.

    found: the rows beyond the mark in the mark's direction, one more than a page holds if there are so many.
    """
    is_backwards = mark is not None and mark.is_backwards
    has_more, taken = len(found) > size, found[:size]
    if is_backwards:
        taken = taken[::-1]
    if not taken:
        return (), None, None
    after, before = mark_of(taken[-1]), replace(mark_of(taken[0]), is_backwards=True)
    if is_backwards:
        return taken, after, before if has_more else None
    return taken, after if has_more else None, before if mark else None
