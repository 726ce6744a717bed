"""What a message is made of: headings, paragraphs, a code, a button, notes, steps, lists and small tables.

One block per paragraph of the source; the first sign says which:

    # Heading          > a note              = {{ code }}             [[Open the report]]({{ address }})
    - a list           1. Step | its text    | label | figure         |= head | of a table

`- {{ items|each }}` and `| {{ figures|each }}` make one line of each line of a value, cut at its tabs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.language import EACH, Placeholder, read_placeholder

_ALONE = re.compile(r"\{\{[^{}\n]*\}\}")
_BUTTON = re.compile(r"\[\[([^\[\]\n]+)\]\]\((\{\{[^{}\n]*\}\}[A-Za-z0-9/_.?=&#-]*)\)")
_STEP = re.compile(r"(\d{1,2})\. ([^|]+?)(?: \| (.+))?")


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    text: str


@dataclass(frozen=True, slots=True)
class CodeBox:
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    number: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Steps:
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """One line of the list for each line of a value."""

    placeholder: Placeholder


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[str | Each, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of figures: a label, and what stands beside it."""

    cells: tuple[str, ...]
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    rows: tuple[Row | Each, ...]


Block = Heading | Paragraph | Note | CodeBox | Button | Steps | Items | Figures


@lru_cache(maxsize=1024)
def parse_blocks(source: str) -> tuple[Block, ...]:
    """Return the blocks of a source without conditions. Raises WordingRefused."""
    paragraphs = re.split(r"\n[ \t]*\n", source.replace("\r\n", "\n").strip("\n"))
    return tuple(
        _block([line.strip() for line in text.split("\n") if line.strip()]) for text in paragraphs if text.strip()
    )


def _block(lines: list[str]) -> Block:
    first = lines[0]
    if first.startswith("- "):
        return Items(tuple(_item(line) for line in _all(lines, "- ")))
    if first.startswith("|"):
        return Figures(tuple(_row(line) for line in _all(lines, "|")))
    if _STEP.fullmatch(first):
        return Steps(tuple(_step(line) for line in lines))
    if first.startswith("> "):
        return Note(" ".join(line.removeprefix("> ") for line in lines))
    return _single(" ".join(lines))


def _single(text: str) -> Block:
    if text.startswith("# "):
        return Heading(text[2:])
    if text.startswith("= "):
        return CodeBox(text[2:])
    if text.startswith("[["):
        match = _BUTTON.fullmatch(text)
        if match is None:
            raise WordingRefused(f"{text} is not a button, such as [[Open the report]]({{{{ address }}}}).")
        return Button(match[1].strip(), match[2])
    return Paragraph(text)


def _all(lines: list[str], sign: str) -> Iterator[str]:
    for line in lines:
        if not line.startswith(sign):
            raise WordingRefused(f"“{line}” does not begin with {sign.strip()} like the line before it.")
        yield line[len(sign) :].strip()


def _item(text: str) -> str | Each:
    return _each(text) or text


def _row(text: str) -> Row | Each:
    is_head = text.startswith("=")
    each = _each(text.strip("|").strip())
    if each:
        return each
    cells = tuple(cell.strip() for cell in _cells(text.removeprefix("=").strip("|")))
    if not 2 <= len(cells) <= 3:
        raise WordingRefused(f"“| {text}” has {len(cells)} cells; a row has two or three.")
    return Row(cells, is_head)


def _cells(text: str) -> list[str]:
    """Cut at upright strokes, except those of a filter."""
    return re.split(r"\|(?![^{}]*\}\})", text)


def _each(text: str) -> Each | None:
    if not _ALONE.fullmatch(text):
        return None
    placeholder = read_placeholder(text)
    return Each(placeholder) if placeholder.filter == EACH else None


def _step(line: str) -> Step:
    match = _STEP.fullmatch(line)
    if match is None:
        raise WordingRefused(f"“{line}” is not a step, such as 1. Connect Clio | You approve it there.")
    return Step(match[1], match[2].strip(), (match[3] or "").strip())
