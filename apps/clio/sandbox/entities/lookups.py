"""Ids of the small lists records point into, and the objects no list has: account, titles, calendars, types."""

from __future__ import annotations

from apps.clio.sandbox.entities.entity import Embedded
from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.records import Firm, Person
from apps.clio.sandbox.fragments import FLAGS, MONEY, TEXT, etag, stamp

TIME_ZONE = "America/New_York"
ACCOUNT_ID = 300_281_744
OPERATING_ID, TRUST_ID = 1_404_118, 1_404_121
STAGE_ID, AREA_ID, DESCRIPTION_ID, CATEGORY_ID, TITLE_ID = 2_310_400, 45_118_200, 10_334_600, 7_715_300, 118_400
CURRENCY_ID, TASK_TYPE_ID, EVENT_TYPE_ID, CALENDAR_ID = 1, 204_310, 88_410, 5_510_220
OPERATING_NAME, TRUST_NAME = "Operating Account", "IOLTA Trust Account"
DESCRIPTIONS = (*vocabulary.WORK, "Fee", "Office")
CATEGORIES = tuple(
    (name, kind, base)
    for kind, table in (("hard_cost", vocabulary.HARD_COSTS), ("soft_cost", vocabulary.SOFT_COSTS),
                        ("unassociated", vocabulary.PLAIN_EXPENSES))
    for name, base in table
)  # fmt: skip
"""Name, kind and usual amount in cents of what is spent."""


class Lookups:
    """The lists of one firm."""

    def __init__(self, firm: Firm) -> None:
        self.moment = (firm.first_day - 3200) * 86_400 + 36_000
        self.account = self._entry(ACCOUNT_ID, name=TEXT[firm.name], state=TEXT["active"])
        self.currency, self.operating, self.trust = CURRENCY_ID, OPERATING_ID, TRUST_ID
        self.group = firm.groups[0].id
        self.groups_of: dict[int, tuple[int, ...]] = {
            person.id: tuple(group.id for group in firm.groups if person in group.members) for person in firm.people
        }
        self.areas = {name: AREA_ID + 7 * at for at, (name, _, _) in enumerate(vocabulary.AREAS)}
        self.stages = tuple(STAGE_ID + 3 * at for at in range(len(vocabulary.STAGES)))
        self.descriptions = {name: DESCRIPTION_ID + 5 * at for at, name in enumerate(DESCRIPTIONS)}
        self.categories = {name: CATEGORY_ID + 4 * at for at, (name, _, _) in enumerate(CATEGORIES)}
        self.task_types = self._named(TASK_TYPE_ID, dict.fromkeys(kind for _, kind in vocabulary.TASKS))
        self.event_types = self._named(EVENT_TYPE_ID, dict.fromkeys(kind for _, kind, _, _ in vocabulary.EVENTS))
        self.event_types |= self._named(EVENT_TYPE_ID + 50, {"Firm meeting": None})
        self.calendars = {person.id: self._calendar(at, person) for at, person in enumerate(firm.people)}
        self.titles = {
            title: Embedded(id=str(TITLE_ID + at), etag=etag(TITLE_ID + at, 1), name=TEXT[title])
            for at, title in enumerate(dict.fromkeys(person.role for person in firm.people))
        }

    def _named(self, first: int, names: dict[str, None]) -> dict[str, Embedded]:
        return {name: self._entry(first + at, name=TEXT[name]) for at, name in enumerate(names)}

    def _calendar(self, at: int, person: Person) -> Embedded:
        return self._entry(
            CALENDAR_ID + at, name=TEXT[person.name], type=TEXT["UserCalendar"], permission=TEXT["editor"],
            visible=FLAGS[1], source=TEXT["web"], color=TEXT["#367B9C"], light_color=TEXT["#5DA5C7"],
        )  # fmt: skip

    def _entry(self, number: int, **fragments: str) -> Embedded:
        when = stamp(self.moment)
        return Embedded(id=str(number), etag=etag(number, 1), created_at=when, updated_at=when, **fragments)

    def balances(self, number: int, trust_cents: int) -> tuple[Embedded, ...]:
        """Return the account balances of a matter or contact: Operating and Trust."""
        return (
            Embedded(id=str(number * 2), type=TEXT["Operating"], balance=MONEY[0],
                     name=TEXT[OPERATING_NAME], currency_id=str(CURRENCY_ID)),
            Embedded(id=str(number * 2 + 1), type=TEXT["Trust"], balance=MONEY[trust_cents],
                     name=TEXT[TRUST_NAME], currency_id=str(CURRENCY_ID)),
        )  # fmt: skip
