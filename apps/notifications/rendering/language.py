"""The little language messages are written in: names, a few filters, conditions. Nothing else can be said in it.

    {{ name }}   {{ amount|money:currency }}   {% if is_trial %} ... {% else %} ... {% endif %}

Staff write in it too, so it has no code, no walks into a value, no loops, and every length is bounded. Reading is
linear in the length of the source. A value is put in last, and is never read as language.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from apps.notifications.contracts import ContextValue, Reader
from apps.notifications.errors import WordingRefused
from apps.notifications.rules.formats import FILTERS, CannotShow
from apps.notifications.rules.forms import Form, form_of

LONGEST_SOURCE, LONGEST_VALUE, LONGEST_LIST, MOST_TAGS, DEEPEST = 12_000, 300, 50, 200, 3
# Splits a list into its lines; only at the start of a list's line (rendering/blocks.py).
EACH = "each"
_NAME = r"[a-z][a-z0-9_]{0,39}"
_TAG = re.compile(r"(\{\{[^{}\n]*\}\}|\{%[^{}%\n]*%\})")
_PLACEHOLDER = re.compile(rf"\{{\{{ *({_NAME})(?:\|([a-z]+)(?::({_NAME}))?)? *\}}\}}")
_IF = re.compile(rf"\{{% *if +(not +)?({_NAME}) *%\}}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
# Signs that reorder or hide text, and everything that is no sign at all.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# What a message links to is decided by the code that sends it, not by its words.
_LITERAL_ADDRESS = re.compile(r"(?i)https?:|www\.|mailto:|javascript:|//")
# A name such as "see http://..." must not become a link in somebody's mail program.
_LINK_START = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,15}:/{1,3}|www\.)")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`{{ name|filter:argument }}`."""

    name: str
    filter: str
    argument: str


@dataclass(frozen=True, slots=True)
class Condition:
    """`{% if name %}yes{% else %}no{% endif %}`; the branches as they are written."""

    name: str
    is_negated: bool
    yes: "Nodes"
    no: "Nodes"


Nodes = tuple[str | Condition, ...]


@lru_cache(maxsize=1024)
def parse(source: str) -> Nodes:
    """Return a source as text and conditions. Raises WordingRefused with a sentence for whoever wrote it."""
    if len(source) > LONGEST_SOURCE:
        raise WordingRefused(f"The text is longer than {LONGEST_SOURCE:,} characters.")
    if _UNPRINTABLE.search(source):
        raise WordingRefused("The text holds a sign that cannot be seen. Type it anew instead of pasting it.")
    if _LITERAL_ADDRESS.search(source):
        raise WordingRefused(
            "The text holds an address. Addresses come from the message's values, such as {{ address }}."
        )
    pieces = _TAG.split(source)
    if len(pieces) // 2 > MOST_TAGS:
        raise WordingRefused(f"The text has more than {MOST_TAGS} placeholders and conditions.")
    nodes, end, _ = _branch(pieces, 0, depth=0)
    if end < len(pieces):
        raise WordingRefused(f"{pieces[end]} has no {{% if %}} before it.")
    return nodes


def choose(source: str, values: Mapping[str, ContextValue]) -> str:
    """Return the source without conditions: the branches that hold for these values. Placeholders stay."""
    return "".join(_chosen(parse(source), values))


def names_in(source: str) -> set[str]:
    """Return every name a source takes, also in branches not taken. Raises WordingRefused."""
    return {name for node in parse(source) for name in _names_of(node)}


def conditions_in(source: str) -> set[str]:
    """Return the names a source asks about."""
    return {node.name for node in _walk(parse(source))}


def read_placeholder(text: str) -> Placeholder:
    """Return what a `{{ ... }}` names. Raises WordingRefused."""
    match = _PLACEHOLDER.fullmatch(text)
    if match is None:
        raise WordingRefused(f"{text} is not a name with at most one filter, such as {{{{ firm }}}}.")
    found = Placeholder(match[1], match[2] or "", match[3] or "")
    if found.filter and found.filter not in FILTERS and found.filter != EACH:
        raise WordingRefused(f"{text}: there is no filter {found.filter}. There are {', '.join(sorted(FILTERS))}.")
    if found.argument and found.filter != "money":
        raise WordingRefused(f"{text}: {found.filter} takes nothing after a colon.")
    return found


def show(placeholder: Placeholder, values: Mapping[str, ContextValue], reader: Reader) -> str:
    """Return a value as this reader sees it, on one line. Raises WordingRefused for an unknown name or a wrong form."""
    if placeholder.filter == EACH:
        raise WordingRefused(f"{placeholder.name}|each stands alone, at the start of a list's or a table's line.")
    value = look_up(placeholder.name, values)
    if placeholder.filter:
        argument = look_up(placeholder.argument, values) if placeholder.argument else None
        try:
            return FILTERS[placeholder.filter](value, reader, argument)
        except CannotShow as error:
            raise WordingRefused(f"{placeholder.name} cannot be shown by {placeholder.filter}: {error}.") from error
    if isinstance(value, str) and form_of(value) is Form.ADDRESS:
        return value
    return in_one_line(str(value))


def look_up(name: str, values: Mapping[str, ContextValue]) -> ContextValue:
    """Return a value by its name. Raises WordingRefused."""
    if name not in values:
        raise WordingRefused(f"There is no {name} in this message.")
    return values[name]


def lines_of(value: ContextValue) -> list[list[str]]:
    """Return a list's lines, each cut at its tabs."""
    lines = [line for line in str(value).split("\n") if line.strip()][:LONGEST_LIST]
    return [
        [cell if form_of(cell) is Form.ADDRESS else in_one_line(cell) for cell in line.split("\t")] for line in lines
    ]


def in_one_line(value: str) -> str:
    """Return a value that can neither break a line, hide, turn the direction of text, nor start a link."""
    shown = " ".join(_LINK_START.sub("", _UNPRINTABLE.sub("", value)).split())
    return shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"


def substitute(text: str, put: Callable[[Placeholder], str], *, words: Callable[[str], str] = str) -> str:
    """Return a text with its placeholders replaced by `put` and everything between them passed through `words`."""
    pieces = _TAG.split(text)
    return "".join(put(read_placeholder(piece)) if at % 2 else words(piece) for at, piece in enumerate(pieces))


def _branch(pieces: list[str], at: int, *, depth: int) -> tuple[Nodes, int, str]:
    """Read until the branch ends: return its nodes, where it ended and by what."""
    nodes: list[str | Condition] = []
    while at < len(pieces):
        piece = pieces[at]
        if at % 2 == 0:
            _refuse_stray(piece)
            nodes.append(piece)
        elif piece.startswith("{{"):
            read_placeholder(piece)
            nodes.append(piece)
        elif piece.strip("{%} ") in ("else", "endif"):
            return tuple(nodes), at, piece.strip("{%} ")
        else:
            condition, at = _condition(pieces, at, depth=depth + 1)
            nodes.append(condition)
        at += 1
    return tuple(nodes), at, ""


def _condition(pieces: list[str], at: int, *, depth: int) -> tuple[Condition, int]:
    match = _IF.fullmatch(pieces[at])
    if match is None:
        raise WordingRefused(
            f"{pieces[at]} is not {{% if name %}}, {{% if not name %}}, {{% else %}} or {{% endif %}}."
        )
    if depth > DEEPEST:
        raise WordingRefused(f"Conditions stand more than {DEEPEST} deep.")
    yes, end, by = _branch(pieces, at + 1, depth=depth)
    no: Nodes = ()
    if by == "else":
        no, end, by = _branch(pieces, end + 1, depth=depth)
    if by != "endif":
        raise WordingRefused(f"{pieces[at]} has no {{% endif %}}.")
    return Condition(match[2], bool(match[1]), yes, no), end


def _refuse_stray(text: str) -> None:
    stray = _STRAY.search(text)
    if stray:
        raise WordingRefused(
            f"{stray[0]} stands alone near “{text[max(0, stray.start() - 20) : stray.end() + 20].strip()}”."
        )


def _chosen(nodes: Nodes, values: Mapping[str, ContextValue]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            holds = bool(look_up(node.name, values)) != node.is_negated
            yield from _chosen(node.yes if holds else node.no, values)


def _walk(nodes: Nodes) -> Iterator[Condition]:
    for node in nodes:
        if isinstance(node, Condition):
            yield node
            yield from _walk(node.yes + node.no)


def _names_of(node: str | Condition) -> Iterator[str]:
    if isinstance(node, Condition):
        yield node.name
        yield from (name for inner in node.yes + node.no for name in _names_of(inner))
    elif node.startswith("{{"):
        found = read_placeholder(node)
        yield from (name for name in (found.name, found.argument) if name)
