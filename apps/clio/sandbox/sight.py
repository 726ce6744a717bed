"""What a token may see: the application's permissions, the user's own limits on matters, hours, rates and contacts.

Source: Clio's Permissions page and changelog 4.0.5, 4.0.8, 4.0.9. Records that may not be seen are left out of lists
and answer 404; inside other records they show their id and "redacted"; single values are null.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from apps.clio.sandbox.entities.entity import Entity, Row
from apps.clio.sandbox.fragments import FLAGS, NULL, TEXT
from apps.clio.sandbox.store import Store

PERMISSIONS = {
    "Users": ("users", "groups"),
    "Matters": ("matters", "practice_areas", "matter_stages", "relationships"),
    "Contacts": ("contacts", "relationships"),
    "Activities": ("activities", "activity_descriptions", "activity_rates", "expense_categories"),
    "Billing": (
        "bills", "line_items", "interest_charges", "trust_line_items", "settings/billing", "billable_matters",
        "billable_clients", "outstanding_client_balances",
    ),
    "Payments": ("allocations", "credit_memos"),
    "Accounting": ("bank_accounts", "bank_transactions"),
    "Clio Payments": ("clio_payments/payments",),
    "Tasks": ("tasks",),
    "Calendars": ("calendar_entries",),
    "General": ("currencies",),
    "Webhooks": ("webhooks",),
}  # fmt: skip
"""Permission -> lists. Billing, Matters and Contacts as Clio confirms them, the rest as its reference groups them."""
VISIBILITIES = ("all", "own")
HOURS = (
    "quantity", "rounded_quantity", "quantity_in_hours", "rounded_quantity_in_hours", "total", "non_billable_total",
)  # fmt: skip
MONEY = ("price", "total", "non_billable_total")


@dataclass(slots=True)
class Limits:
    """What a user may see: hours and rates of all or only their own, contacts of all or only their matters'."""

    hours: str = "all"
    rates: str = "all"
    contacts: str = "all"


@dataclass(slots=True)
class Access:
    """The permissions of the application and the limits of users, as they are set now."""

    denied: set[str] = field(default_factory=set)
    limits: dict[int, Limits] = field(default_factory=dict)
    who_am_i_needs_users: bool = True
    version: int = 0
    _sights: dict[int, tuple[tuple[int, int], Sight | None]] = field(default_factory=dict)

    def deny(self, names: list[str]) -> None:
        """Set which permissions the application lacks. Raises ValueError for one that does not exist."""
        unknown = set(names) - PERMISSIONS.keys()
        if unknown:
            raise ValueError(f"no such permission: {', '.join(sorted(unknown))}; there are {', '.join(PERMISSIONS)}.")
        self.denied = set(names)
        self.version += 1

    def limit(self, user_id: int, values: dict[str, Any]) -> None:
        """Set what a user may see. Raises ValueError."""
        limits = self.limits.get(user_id, Limits())
        for name, value in values.items():
            if name not in ("hours", "rates", "contacts") or value not in VISIBILITIES:
                raise ValueError("use hours, rates or contacts with all or own.")
        self.limits[user_id] = Limits(**{"hours": limits.hours, "rates": limits.rates, "contacts": limits.contacts,
                                         **values})  # fmt: skip
        self.version += 1

    def lacks(self, name: str) -> str | None:
        """Return a permission that is missing for a list, if one is."""
        return next((each for each in sorted(self.denied) if name in PERMISSIONS[each]), None)

    def sight(self, store: Store, user_id: int) -> Sight | None:
        """Return what a user sees, None for everything; worked out anew when something changed."""
        edition = (store.version, self.version)
        known = self._sights.get(user_id)
        if known is None or known[0] != edition:
            known = self._sights[user_id] = (edition, self._look(store, user_id))
        return known[1]

    def _look(self, store: Store, user_id: int) -> Sight | None:
        limits = self.limits.get(user_id, Limits())
        hidden = _hidden_matters(store, user_id)
        blind = frozenset(name for each in self.denied for name in PERMISSIONS[each])
        if not hidden and not blind and limits == Limits():
            return None
        contacts = _own_contacts(store, user_id, hidden) if limits.contacts == "own" else None
        led = frozenset(_led_matters(store, user_id)) if limits.hours == "own" else frozenset()
        return Sight(user_id, (store.version, self.version, user_id), limits, hidden, blind, contacts, led)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one user sees while nothing changes. contacts: the ids that may be seen, None for all."""

    user_id: int
    key: tuple[int, int, int]
    limits: Limits
    hidden_matters: frozenset[int]
    blind: frozenset[str]
    contacts: frozenset[int] | None
    led_matters: frozenset[int]

    def admits(self, entity: Entity, row: Row) -> bool:
        """Tell whether a record may be seen at all."""
        name, number = entity.name, cast("int", row[0])
        if name in self.blind:
            return False
        if name in ("matters", "billable_matters"):
            return number not in self.hidden_matters
        if name == "contacts":
            return self.contacts is None or number in self.contacts
        if name == "bills":
            matters = cast("tuple[int, ...]", row[entity.positions["matters"]])
            return not matters or not self.hidden_matters.issuperset(matters)
        at = entity.positions.get("matter")
        return at is None or row[at] not in self.hidden_matters

    def redact(self, entity: Entity, row: Row) -> Row:
        """Return the row without what the user may not read in it."""
        if entity.name == "users" and self.limits.rates == "own" and row[0] != self.user_id:
            return _without(row, entity, ("rate",))
        if entity.name != "activities":
            return row
        is_own = row[entity.positions["user"]] == self.user_id
        if self.limits.rates == "own" and not is_own:
            row = _without(row, entity, MONEY)
        is_time = row[entity.positions["type"]] == TEXT["TimeEntry"]
        leads = row[entity.positions["matter"]] in self.led_matters
        if self.limits.hours == "own" and is_time and not is_own and not leads:
            cells = list(_without(row, entity, HOURS))
            cells[entity.positions["quantity_redacted"]] = FLAGS[1]
            row = tuple(cells)
        return row


def _without(row: Row, entity: Entity, names: tuple[str, ...]) -> Row:
    cells = list(row)
    for name in names:
        cells[entity.positions[name]] = NULL
    return tuple(cells)


def _hidden_matters(store: Store, user_id: int) -> frozenset[int]:
    """Return the matters of groups that are not everybody's and that the user is not in."""
    groups, matters = store.tables["groups"], store.tables["matters"]
    kind, users = groups.entity.positions["type"], groups.entity.positions["users"]
    hidden: set[int] = set()
    for number, row in zip(groups.ids, groups.rows, strict=True):
        if row[kind] != TEXT["AccountGroup"] and user_id not in cast("tuple[int, ...]", row[users]):
            hidden.update(matters.ids[at] for at in matters.referring("group", number))
    return frozenset(hidden)


def _led_matters(store: Store, user_id: int) -> set[int]:
    matters = store.tables["matters"]
    return {matters.ids[at] for at in matters.referring("responsible_attorney", user_id)}


def _own_contacts(store: Store, user_id: int, hidden: frozenset[int]) -> frozenset[int]:
    """Return the clients and related contacts of the matters a user leads or is responsible for and may see."""
    matters, relations = store.tables["matters"], store.tables["relationships"]
    places = matters.entity.positions
    own = {
        number for number, row in zip(matters.ids, matters.rows, strict=True)
        if number not in hidden and user_id in (row[places["responsible_attorney"]], row[places["user"]])
    }  # fmt: skip
    found = {cast("int", cast("Row", matters.find(number))[places["client"]]) for number in own}
    contact = relations.entity.positions["contact"]
    for number in own:
        found.update(cast("int", relations.rows[at][contact]) for at in relations.referring("matter", number))
    return frozenset(found)
