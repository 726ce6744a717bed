"""What the invented firm remembers: one slim class per kind of record, linked by reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.clio.sandbox.firm.agenda import Event, Task
    from apps.clio.sandbox.firm.banking import BankMove, OnlinePayment
    from apps.clio.sandbox.firm.relations import AgreedRate, Relation
    from apps.clio.sandbox.firm.teams import Group


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with a login. Rates in cents by year; `last_day` is set for who has left."""

    first_name: str
    last_name: str
    role: str
    rates: dict[int, int]
    first_day: int
    last_day: int | None = None
    keeps_time: bool = True
    is_attorney: bool = True
    is_guest: bool = False
    is_owner: bool = False
    roles: tuple[str, ...] = ()
    lateness: int = 100
    id: int = 0

    @property
    def name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(slots=True, eq=False)
class Contact:
    """A person or company the firm knows; the billing habits matter for clients only."""

    name: str
    created: int
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    company: Contact | None = None
    is_client: bool = False
    is_vendor: bool = False
    city: tuple[str, str, str] = ("", "", "")
    bills_together: bool = False
    terms: int = 30
    pace: int = 25
    habit: str = "prompt"
    interest: int = 0
    taxes: tuple[int, int] = (0, 0)
    uses_trust: bool = False
    pays_online: bool = False
    trust: int = 0
    updated: int = 0
    id: int = 0


@dataclass(slots=True, eq=False)
class Matter:
    """A case. `team` are the people who record time on it, the lead first."""

    client: Contact
    area: str | None
    billing_method: str
    description: str
    created: int
    team: tuple[Person, ...]
    lead: Person | None = None
    originator: Person | None = None
    opened: int | None = None
    pending: int | None = None
    closed: int | None = None
    billable: bool = True
    is_internal: bool = False
    rate_percent: int = 100
    bills_quarterly: bool = False
    stage: int = 0
    stage_moved: int = 0
    budget: int | None = None
    evergreen: int | None = None
    trust: int = 0
    group: Group | None = None
    has_tasks: bool = False
    last_activity: int | None = None
    updated: int = 0
    number: int = 0
    id: int = 0

    def is_open_on(self, day: int) -> bool:
        """Tell whether work can be recorded on a day."""
        return self.opened is not None and self.opened <= day and (self.closed is None or day <= self.closed)


@dataclass(slots=True, eq=False)
class Activity:
    """A time or expense entry. Quantity in seconds (time) or units (expenses)."""

    type: str
    person: Person
    matter: Matter | None
    day: int
    quantity: int
    rounded: int
    price: int
    total: int
    note: str
    category: str
    created: int
    non_billable: bool = False
    no_charge: bool = False
    flat: bool = False
    contingency: bool = False
    vendor: Contact | None = None
    updated: int = 0
    bill: Bill | None = None
    task: Task | None = None
    event: Event | None = None
    id: int = 0


@dataclass(slots=True, eq=False)
class Line:
    """A line of a bill. `hundredths` is the quantity; `net` is gross less the discounts, without tax."""

    type: str
    kind: str
    day: int
    description: str
    price: int
    hundredths: int
    gross: int
    matter: Matter
    person: Person | None
    activity: Activity | None = None
    discount: tuple[str, int] | None = None
    less_discount: int = 0
    net: int = 0
    tax: int = 0
    second_tax: int = 0
    note: str | None = None
    id: int = 0


@dataclass(slots=True, eq=False)
class Bill:
    """An invoice or trust request with everything that was paid, credited or charged on it."""

    client: Contact
    matters: list[Matter]
    creator: Person
    created: int
    issued: int
    due_on: int
    start: int
    end: int
    state: str
    is_client_bill: bool = False
    kind: str = "revenue_kind"
    discount: tuple[str, int] | None = None
    discount_services_only: bool = False
    taxes: tuple[int, int] = (0, 0)
    subject: str | None = None
    memo: str | None = None
    lines: list[Line] = field(default_factory=list)
    interest: list[Interest] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    sub_total: int = 0
    discounted: int = 0
    tax: int = 0
    second_tax: int = 0
    matter_totals: dict[int, int] = field(default_factory=dict)
    settled: dict[int, int] = field(default_factory=dict)
    updated: int = 0
    booked: int = 0
    sent: int | None = None
    number: int = 0
    id: int = 0

    @property
    def approved(self) -> bool:
        """Tell whether the bill is out, paid or not."""
        return self.state in ("awaiting_payment", "paid")

    @property
    def principal(self) -> int:
        """Return what the lines come to: net and taxes, without interest."""
        return self.sub_total - self.discounted + self.tax + self.second_tax

    @property
    def interest_total(self) -> int:
        """Return the interest charged so far."""
        return sum(charge.total for charge in self.interest)

    @property
    def due(self) -> int:
        """Return principal and interest."""
        return self.principal + self.interest_total

    @property
    def paid(self) -> int:
        """Return the live payments."""
        return sum(item.amount for item in self.allocations if item.voided is None and item.parent.type == "Payment")

    @property
    def credited(self) -> int:
        """Return the live credits."""
        return sum(item.amount for item in self.allocations if item.voided is None and item.parent.type != "Payment")


@dataclass(slots=True, eq=False)
class Interest:
    """Interest charged on an overdue bill."""

    bill: Bill
    day: int
    total: int
    id: int = 0


@dataclass(slots=True, eq=False)
class Money:
    """A payment or a credit memo: the parent of allocations."""

    type: str
    client: Contact
    day: int
    created: int
    source: str
    reference: str
    is_discount: bool = False
    amount: int = 0
    person: Person | None = None
    voided: int | None = None
    allocations: list[Allocation] = field(default_factory=list)
    id: int = 0


@dataclass(slots=True, eq=False)
class Allocation:
    """Money put against one bill, and perhaps one of its matters."""

    parent: Money
    bill: Bill
    matter: Matter | None
    amount: int
    is_interest: bool = False
    voided: int | None = None
    id: int = 0


@dataclass(slots=True, eq=False)
class TrustMove:
    """Money into (positive) or out of (negative) a matter's trust balance."""

    matter: Matter
    day: int
    amount: int
    reason: str
    payment: Money | None = None
    bill: Bill | None = None


@dataclass(slots=True)
class Firm:
    """The whole firm, each list in order of creation with ids given."""

    name: str
    seed: int
    first_day: int
    last_day: int
    people: list[Person] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    lines: list[tuple[Bill, Line]] = field(default_factory=list)
    interest: list[Interest] = field(default_factory=list)
    payments: list[Money] = field(default_factory=list)
    memos: list[Money] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    trust_moves: list[TrustMove] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    rates: list[AgreedRate] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    bank_moves: list[BankMove] = field(default_factory=list)
    online_payments: list[OnlinePayment] = field(default_factory=list)
