"""What stands inside a block: words, values, **strong** words and [links]({{ address }}). And their values.

An address always begins with a value, never with words: what a message links to is decided by the code that sends it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from apps.notifications.contracts import ContextValue, Reader
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.language import Placeholder, look_up, show, substitute
from apps.notifications.rules.forms import Form, has_form

_LINK = r"\[(?P<label>[^\[\]\n]+)\]\((?P<address>\{\{[^{}\n]*\}\}[A-Za-z0-9/_.?=&#-]*)\)"
_MARK = re.compile(rf"\*\*(?P<strong>[^*\n]+)\*\*|{_LINK}")


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str


Piece = str | Strong | Link


def pieces_of(text: str) -> list[Piece]:
    """Cut a block's text into words, strong words and links."""
    pieces: list[Piece] = []
    at = 0
    for match in _MARK.finditer(text):
        pieces.append(text[at : match.start()])
        pieces.append(Strong(match["strong"]) if match["strong"] else Link(match["label"], match["address"]))
        at = match.end()
    return [*pieces, text[at:]]


@dataclass(frozen=True, slots=True)
class Values:
    """A message's values and its reader: puts them into words."""

    values: Mapping[str, ContextValue]
    reader: Reader

    def plain(self, text: str) -> str:
        """Return words with their values, as they are."""
        return substitute(text, self._show)

    def escaped(self, text: str) -> str:
        """Return words with their values, safe between tags and inside quotation marks."""
        return substitute(text, lambda found: escape(self._show(found)), words=escape)

    def address(self, text: str) -> str:
        """Return an address. Raises WordingRefused unless it is one of the web."""
        address = self.plain(text)
        if not has_form(Form.ADDRESS, address):
            raise WordingRefused(f"{text} is not an address.")
        return address

    def lines(self, placeholder: Placeholder) -> ContextValue:
        """Return the value whose lines a list is made of."""
        return look_up(placeholder.name, self.values)

    def _show(self, found: Placeholder) -> str:
        return show(found, self.values, self.reader)
