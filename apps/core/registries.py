"""Lists the apps fill in `ready()`, so that core can serve all of them without knowing any."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


@dataclass(slots=True)
class Registry(Generic[Entry]):
    """Named entries in the order they were added; a name may be used once."""

    subject: str
    _entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, name: str, entry: Entry) -> None:
        """Add an entry under a name such as `accounts.members`."""
        if name in self._entries:
            raise ValueError(f"{self.subject} {name} is registered twice")
        self._entries[name] = entry

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return iter(tuple(self._entries.items()))

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long a kind of row is kept, and what removes the rest: `prune()` removes one batch and tells how many."""

    keeps_days: int
    prune: Callable[[], int]


# Rows of one firm as plain mappings, for "export everything"; called inside `tenant(firm_id)`.
firm_exporters: Registry[Callable[[int], Iterator[Mapping[str, object]]]] = Registry("firm exporter")
# Removes every row of one firm and returns how many; called inside `tenant(firm_id)`.
firm_erasers: Registry[Callable[[int], int]] = Registry("firm eraser")
# Removes what one firm has from the books it was connected to, itself and what was made from it, and returns how many
# rows; called inside `tenant(firm_id)` when the firm lets go of those books for others.
books_erasers: Registry[Callable[[int], int]] = Registry("books eraser")
# Removes up to so many rows that are about one person, `(user_id, at_most)`, and returns how many; called inside
# `acting_as(user_id)`, again and again until it returns 0.
person_erasers: Registry[Callable[[int, int], int]] = Registry("person eraser")
retention_rules: Registry[RetentionRule] = Registry("retention rule")
# A panel of the staff's firm page: title and label/value rows for one firm.
admin_panels: Registry[Callable[[int], Mapping[str, str]]] = Registry("admin panel")
# Free-text search inside one firm: (text, limit) -> label/address rows.
search_providers: Registry[Callable[[int, str, int], list[tuple[str, str]]]] = Registry("search provider")
# Under whom one of Clio's users stands in a firm, `(firm_id, user)`: the main user's id and name, None of who stands
# for themselves; called inside `tenant(firm_id)`.
main_users: Registry[Callable[[int, int], tuple[int, str] | None]] = Registry("main user")
