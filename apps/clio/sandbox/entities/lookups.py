"""Small lists that records point into: categories, stages, groups, accounts; one shared object per entry."""

from __future__ import annotations

from apps.clio.sandbox.entities.entity import Embedded
from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import FLAGS, MONEY, TEXT, etag, stamp

TIME_ZONE = "America/New_York"
ACCOUNT_ID = 300_281_744
OPERATING_ID, TRUST_ID = 1_404_118, 1_404_121
STAGE_ID, AREA_ID, DESCRIPTION_ID, CATEGORY_ID, TITLE_ID = 2_310_400, 45_118_200, 10_334_600, 7_715_300, 118_400
GROUP_ID, CURRENCY_ID = 1_022_310, 1


class Lookups:
    """The lists of one firm."""

    def __init__(self, firm: Firm) -> None:
        self.moment = (firm.first_day - 3200) * 86_400 + 36_000
        self.account = self._entry(ACCOUNT_ID, name=TEXT[firm.name], state=TEXT["active"])
        self.currency = self._entry(CURRENCY_ID, code=TEXT["USD"], sign=TEXT["$"])
        self.group = self._entry(GROUP_ID, name=TEXT["Firm"], type=TEXT["AccountGroup"], client_connect_user=FLAGS[0])
        self.operating = self._entry(OPERATING_ID, name=TEXT["Operating Account"], type=TEXT["Operating"])
        self.trust = self._entry(TRUST_ID, name=TEXT["IOLTA Trust Account"], type=TEXT["Trust"])
        self.areas = {name: AREA_ID + 7 * at for at, (name, _, _) in enumerate(vocabulary.AREAS)}
        self.stages = tuple(
            self._entry(STAGE_ID + 3 * at, name=TEXT[name], order=str(at + 1))
            for at, name in enumerate(vocabulary.STAGES)
        )
        descriptions = (*vocabulary.WORK, "Fee", "Office")
        self.descriptions = {
            name: self._entry(DESCRIPTION_ID + 5 * at, name=TEXT[name], type=TEXT["ActivityDescription"])
            for at, name in enumerate(descriptions)
        }
        self.categories = self._categories()
        self.titles = {
            title: Embedded(id=str(TITLE_ID + at), etag=etag(TITLE_ID + at, 1), name=TEXT[title])
            for at, title in enumerate(dict.fromkeys(person.role for person in firm.people))
        }

    def _categories(self) -> dict[str, Embedded]:
        kinds = (("hard_cost", vocabulary.HARD_COSTS), ("soft_cost", vocabulary.SOFT_COSTS),
                 ("unassociated", vocabulary.PLAIN_EXPENSES))  # fmt: skip
        named = [(name, kind, base) for kind, table in kinds for name, base in table]
        return {
            name: self._entry(CATEGORY_ID + 4 * at, name=TEXT[name], entry_type=TEXT[kind], rate=MONEY[base])
            for at, (name, kind, base) in enumerate(named)
        }

    def _entry(self, number: int, **fragments: str) -> Embedded:
        when = stamp(self.moment)
        return Embedded(id=str(number), etag=etag(number, 1), created_at=when, updated_at=when, **fragments)

    def balances(self, number: int, trust_cents: int) -> tuple[Embedded, ...]:
        """Return the account balances of a matter or contact: Operating and Trust."""
        return (
            Embedded(id=str(number * 2), type=TEXT["Operating"], balance=MONEY[0],
                     name=self.operating.fragments["name"], currency_id=str(CURRENCY_ID)),
            Embedded(id=str(number * 2 + 1), type=TEXT["Trust"], balance=MONEY[trust_cents],
                     name=self.trust.fragments["name"], currency_id=str(CURRENCY_ID)),
        )  # fmt: skip
