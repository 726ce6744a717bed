"""What crosses the door of accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FirmProfile:
    """A firm's settings that other apps compute with.

    time_zone: IANA name. currency: ISO 4217. fiscal_year_start_month: 1-12. week_starts_on: ISO weekday, 1 or 7.
    working_days: ISO weekdays. daily_hours: of one person on a working day. targets: a KPI's key -> its target.
    own_work_includes_matters: who sees their own work sees matters they are responsible for or originated too.
    """

    firm_id: int
    public_id: UUID
    name: str
    time_zone: str
    currency: str
    fiscal_year_start_month: int
    week_starts_on: int
    created_at: datetime
    working_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    holidays: tuple[date, ...] = ()
    daily_hours: Decimal = Decimal(8)
    own_work_includes_matters: bool = True
    targets: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a person holds after signing in. Neither is stored by us."""

    access: str
    refresh: str
    session_id: int


@dataclass(frozen=True, slots=True)
class FirmMembership:
    """One of "my firms": the firm and what the person is there."""

    firm: FirmProfile
    role: str
    scope: str
    level: str = ""

    @property
    def place(self) -> "Place":
        """The place in the firm, without its grants."""
        return Place(role=self.role, scope=self.scope, level=self.level)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, for sessions and the audit trail. place: a town where the edge names it."""

    ip: str | None = None
    user_agent: str = ""
    place: str = ""

    @property
    def place_name(self) -> str:
        """The place in words, or at least the network address."""
        return self.place or (f"network address {self.ip}" if self.ip else "an unknown place")


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody agreed to when they made their account: document -> version, from where and when."""

    versions: Mapping[str, str]
    ip: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """What a member is in a firm, as invited or as set: role, what of the firm they see, and what else they may.

    grants: for scope `subset`, conditions by name (`practice_area_ids`, ...). level: a consultant's.
    hides_client_names: clients and matters are shown to them by a number.
    """

    role: str
    scope: str
    grants: tuple[Mapping[str, Sequence[int]], ...] = ()
    permissions: tuple[str, ...] = ()
    level: str = ""
    clio_user_id: int | None = None
    hides_client_names: bool = False


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made. `secret` is the whole key; it is shown once and not kept."""

    api_key_id: int
    secret: str


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """The password was right and a second factor is asked for. methods: what the person may prove it with."""

    token: str
    methods: tuple[str, ...]
    may_trust_device: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A finished sign-in. device_token: kept by a device that was to be trusted, and shown at its next sign-in."""

    pair: TokenPair
    user_id: int
    device_token: str = ""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner sees it. place: of the last use."""

    public_id: UUID
    device: str
    place: str
    ip: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool
    is_two_factor: bool


@dataclass(frozen=True, slots=True)
class FactorState:
    """A person's second factors. phone: the end of the number. is_required: the last one may not be removed."""

    has_app: bool
    phone: str
    recovery_codes_left: int
    is_required: bool
    trusted_devices: int

    @property
    def has_any(self) -> bool:
        return self.has_app or bool(self.phone)

    @property
    def methods(self) -> tuple[str, ...]:
        """How the person may prove it, the strongest first."""
        offered = (("app", self.has_app), ("sms", bool(self.phone)), ("recovery", self.recovery_codes_left > 0))
        return tuple(name for name, is_there in offered if is_there) if self.has_any else ()

    @property
    def step_up_methods(self) -> tuple[str, ...]:
        """How the person may prove it before a sensitive act: by password only where no factor is there or demanded."""
        return self.methods or (() if self.is_required else ("password",))


@dataclass(frozen=True, slots=True)
class NewAuthenticator:
    """What an authenticator app is set up with. Shown until it is confirmed, and never again."""

    key: str
    uri: str
    qr_svg: str


@dataclass(frozen=True, slots=True)
class PendingEmail:
    """A change of one's own email address that waits for the mailboxes to agree."""

    new_email: str
    requested_at: datetime
    expires_at: datetime
    is_old_confirmed: bool
    is_new_confirmed: bool


@dataclass(frozen=True, slots=True)
class FactorResetPlan:
    """A request to take lost second factors off. earliest_at: not before, and not without staff's approval."""

    requested_at: datetime
    earliest_at: datetime


@dataclass(frozen=True, slots=True)
class Stoppable:
    """What a mailed link would stop: `email_change` or `factor_reset`. person: whose, when not the reader's own."""

    what: str
    person: str


class IdentityPurpose(StrEnum):
    """What somebody proves an outside identity for: to sign in, to register, to accept an invitation, to link it."""

    SIGN_IN = "sign_in"
    REGISTER = "register"
    JOIN = "join"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class OutsideIdentity:
    """Who a provider says somebody is. provider, region and subject identify; the rest is what it states."""

    provider: str
    region: str
    subject: str
    email: str = ""
    name: str = ""
    account_name: str = ""

    @property
    def label(self) -> str:
        """What people know it by."""
        return self.email or self.name or f"user {self.subject}"


@dataclass(frozen=True, slots=True)
class StartedAttempt:
    """The secrets of a way to a provider and back: state and nonce travel, the browser keeps its key."""

    state: str
    browser_key: str
    code_verifier: str
    nonce: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TakenAttempt:
    """An attempt that came back. back_to: a path of ours, or empty. user_id, session_id: of who links."""

    provider: str
    region: str
    purpose: IdentityPurpose
    back_to: str
    code_verifier: str
    nonce: str
    user_id: int | None = None
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """A proved identity on its way to our pages: `sealed` goes into the browser's session, `path` is where to go on."""

    sealed: str
    path: str


@dataclass(frozen=True, slots=True)
class LinkedLogIn:
    """An outside log-in that opens a person's account, as its owner sees it."""

    public_id: UUID
    provider: str
    region: str
    email: str
    name: str
    account_name: str
    linked_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class HoursTarget:
    """Billable hours a month one timekeeper is meant to reach (kpis.md K4).

    timekeeper_id: Clio's id. starts_on: the first of a month. ends_before: the first of the month from which something
    else holds; None: it goes on.
    """

    timekeeper_id: int
    starts_on: date
    ends_before: date | None
    monthly_hours: Decimal
