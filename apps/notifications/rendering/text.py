"""The same blocks as plain text, with every address the HTML has."""

import re
import textwrap
from collections.abc import Sequence

from apps.notifications.rendering.blocks import (
    Block,
    Button,
    CodeBox,
    Each,
    Figures,
    Heading,
    Items,
    Note,
    Paragraph,
    Steps,
)
from apps.notifications.rendering.inline import Link, Strong, Values, pieces_of
from apps.notifications.rendering.language import lines_of

_WIDTH = 76
_AMOUNT = re.compile(r"[+-]?(?:[A-Z]{1,3} ?)?[$£€]?[\d.,]+ ?%?")


def to_text(blocks: Sequence[Block], values: Values) -> str:
    """Return the blocks with an empty line between them. Raises WordingRefused."""
    return "\n\n".join(_block(block, values) for block in blocks)


def _block(block: Block, values: Values) -> str:
    match block:
        case Heading(text) | Paragraph(text):
            return wrap(_inline(text, values))
        case Note(text):
            return wrap(_inline(text, values), indent="| ")
        case CodeBox(text):
            return f"    {values.plain(text)}"
        case Button(label, address):
            return f"{values.plain(label)}:\n{values.address(address)}"
        case Steps(steps):
            return "\n\n".join(
                f"{step.number}. {_inline(step.title, values)}\n{wrap(_inline(step.text, values), indent='   ')}"
                for step in steps
            )
        case Items():
            return _items(block, values)
        case Figures():
            return _figures(block, values)


def wrap(text: str, *, indent: str = "") -> str:
    """Return a paragraph in lines of at most 76 signs; an address is never cut."""
    lines = textwrap.wrap(text, _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"{indent}{line}" for line in lines)


def _inline(text: str, values: Values) -> str:
    shown = []
    for piece in pieces_of(text):
        match piece:
            case Strong(words):
                shown.append(values.plain(words))
            case Link(label, address):
                shown.append(f"{values.plain(label)} ({values.address(address)})")
            case str():
                shown.append(values.plain(piece))
    return "".join(shown)


def _items(items: Items, values: Values) -> str:
    shown: list[str] = []
    for item in items.items:
        if isinstance(item, Each):
            shown += ["- " + "\n  ".join(cells) for cells in lines_of(values.lines(item.placeholder))]
        else:
            shown.append("- " + wrap(_inline(item, values), indent="  ").strip())
    return "\n".join(shown)


def _figures(figures: Figures, values: Values) -> str:
    rows: list[list[str]] = []
    for row in figures.rows:
        if isinstance(row, Each):
            rows += lines_of(values.lines(row.placeholder))
        else:
            rows.append([_inline(cell, values) for cell in row.cells])
    columns = [[row[at] for row in rows if len(row) > at] for at in range(max(map(len, rows), default=0))]
    widths = [max(map(len, column)) for column in columns]
    if sum(widths) + 3 * len(widths) > _WIDTH:
        return "\n".join(f"{row[0]}:\n  " + "  ".join(row[1:]) for row in rows)
    signs = [">" if all(_AMOUNT.fullmatch(cell) for cell in column[-2:]) else "<" for column in columns]
    return "\n".join(_aligned(row, widths, signs) for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int], signs: Sequence[str]) -> str:
    """Amounts stand under each other by their last digit, words by their first letter."""
    cells = (f"{cell:{sign}{width}}" for cell, sign, width in zip(row, signs, widths, strict=False))
    return "   ".join(cells).rstrip()
