"""Groups of users: everybody, one of each user's own, teams, and a small circle that keeps some matters to itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.clio.sandbox.firm.records import Firm, Matter, Person
from apps.clio.sandbox.firm.streams import stream

TEAMS = ("Litigation Team", "Transactions Team")
CIRCLE = "Confidential Matters"
RESTRICTED_SHARE = 0.03


@dataclass(slots=True, eq=False)
class Group:
    """A set of users. A matter whose group is not everybody's is seen by its members only."""

    name: str
    type: str
    created: int
    members: list[Person] = field(default_factory=list)
    id: int = 0


def form_groups(firm: Firm) -> list[Group]:
    """Return the groups, everybody's first, and put some matters behind the circle."""
    day = firm.first_day - 3200
    insiders = [person for person in firm.people if not person.is_guest]
    everybody = Group("Firm", "AccountGroup", day * 86_400 + 36_000, insiders)
    own = [Group(person.name, "UserGroup", person.first_day * 86_400 + 32_400, [person]) for person in firm.people]
    chance = stream(firm.seed, "teams")
    teams = [Group(name, "TeamGroup", day * 86_400 + 37_000) for name in TEAMS]
    for person in insiders:
        if person.keeps_time:
            teams[int(chance() * len(teams))].members.append(person)
    circle = Group(CIRCLE, "AdhocGroup", day * 86_400 + 38_000)
    _restrict(firm, everybody, circle)
    return [everybody, *own, *teams, circle]


def _restrict(firm: Firm, everybody: Group, circle: Group) -> None:
    """Keep a few matters to those who work on them, the partners of the office and whoever administers the account."""
    chance = stream(firm.seed, "restricted")
    restricted: list[Matter] = []
    for matter in firm.matters:
        matter.group = everybody
        if chance() < RESTRICTED_SHARE and not matter.is_internal:
            matter.group = circle
            restricted.append(matter)
    wanted = {
        id(person) for matter in restricted for person in (*matter.team, matter.lead, matter.originator) if person
    }
    circle.members = [
        person for person in firm.people
        if id(person) in wanted or person.is_owner or (person.roles and not person.keeps_time)
    ]  # fmt: skip
