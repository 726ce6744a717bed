"""The matrix of preferences: every kind a person may get, by category, with the words people know."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.notifications.contracts import Category, Channel, Choice
from apps.notifications.queries.preferences import read_choices
from apps.notifications.rules.catalogue import KINDS, Kind
from apps.notifications.rules.choices import choice_of, choices_for, default_choice
from apps.notifications.rules.labels import CATEGORY_LABELS, CATEGORY_TEXTS, CHANNEL_LABELS


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind on one channel: what holds, what would hold by default, what may be chosen."""

    channel: Channel
    label: str
    choice: Choice
    default: Choice
    choices: tuple[Choice, ...]

    @property
    def may_change(self) -> bool:
        return len(self.choices) > 1


@dataclass(frozen=True, slots=True)
class Line:
    """One kind and its channels."""

    kind: str
    label: str
    channels: tuple[Cell, ...]

    @property
    def may_change(self) -> bool:
        return any(cell.may_change for cell in self.channels)


@dataclass(frozen=True, slots=True)
class Group:
    """One category and its kinds."""

    category: Category
    label: str
    text: str
    kinds: tuple[Line, ...]


def read_matrix(user_id: int) -> tuple[Group, ...]:
    """Return a person's whole matrix, what always goes included, in the order of the catalogue. One query."""
    chosen = read_choices(user_id)
    groups = (_group(category, chosen) for category in Category)
    return tuple(group for group in groups if group.kinds)


def _group(category: Category, chosen: Mapping[tuple[str, str], str]) -> Group:
    lines = tuple(_line(kind, chosen) for kind in KINDS if kind.category is category)
    return Group(category, CATEGORY_LABELS[category], CATEGORY_TEXTS[category], lines)


def _line(kind: Kind, chosen: Mapping[tuple[str, str], str]) -> Line:
    cells = tuple(
        Cell(
            channel=channel,
            label=CHANNEL_LABELS[channel],
            choice=choice_of(kind, channel, chosen),
            default=default_choice(kind, channel),
            choices=choices_for(kind, channel),
        )
        for channel in kind.channels
    )
    return Line(kind.key, kind.label, cells)
