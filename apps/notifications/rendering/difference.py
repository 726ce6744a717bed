"""What changed between two versions of words: line by line, and in a changed line word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from apps.notifications.contracts import Wording
from apps.notifications.rendering.sources import PARTS

# A placeholder or a condition is one word.
_WORD = re.compile(r"\{\{[^{}\n]*\}\}|\{%[^{}%\n]*%\}|\s+|[^\s{]+|\{")
Sign = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison: its words, each with whether it is what changed."""

    sign: Sign
    words: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class PartDifference:
    """One part compared."""

    part: str
    lines: tuple[Line, ...]

    @property
    def is_changed(self) -> bool:
        """Tell whether the two versions differ here."""
        return any(line.sign != "same" for line in self.lines)


def compare(old: Wording, new: Wording) -> list[PartDifference]:
    """Return the parts of two versions of one kind and channel, compared."""
    return [
        PartDifference(part, tuple(_lines(old.parts.get(part, ""), new.parts.get(part, ""))))
        for part in PARTS[new.channel]
    ]


def _lines(old: str, new: str) -> Iterator[Line]:
    before, after = old.split("\n"), new.split("\n")
    for _, from_old, to_old, from_new, to_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, fresh = before[from_old:to_old], after[from_new:to_new]
        if gone == fresh:
            yield from (Line("same", ((line, False),)) for line in gone)
            continue
        yield from _changed(gone, fresh)


def _changed(gone: list[str], fresh: list[str]) -> Iterator[Line]:
    if len(gone) == len(fresh):  # line for line: show which words
        pairs = [_words(old, new) for old, new in zip(gone, fresh, strict=True)]
        for old_words, new_words in pairs:
            yield Line("gone", old_words)
            yield Line("new", new_words)
        return
    yield from (Line("gone", ((line, True),)) for line in gone)
    yield from (Line("new", ((line, True),)) for line in fresh)


def _words(old: str, new: str) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    left = tuple(("".join(before[a:b]), tag != "equal") for tag, a, b, _, _ in codes if b > a)
    right = tuple(("".join(after[c:d]), tag != "equal") for tag, _, _, c, d in codes if d > c)
    return left, right
