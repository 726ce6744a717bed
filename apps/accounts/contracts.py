"""What crosses the door of accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FirmProfile:
    """A firm's settings that other apps compute with.

    time_zone: IANA name. currency: ISO 4217. fiscal_year_start_month: 1-12. week_starts_on: ISO weekday, 1 or 7.
    working_days: ISO weekdays. daily_hours: of one person on a working day. targets: a KPI's key -> its target.
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
class Place:
    """What a member is in a firm, as invited or as set: role, what of the firm they see, and what else they may.

    grants: for scope `subset`, conditions by name (`practice_area_ids`, ...). level: a consultant's.
    """

    role: str
    scope: str
    grants: tuple[Mapping[str, Sequence[int]], ...] = ()
    permissions: tuple[str, ...] = ()
    level: str = ""
    clio_user_id: int | None = None


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


@dataclass(frozen=True, slots=True)
class NewAuthenticator:
    """What an authenticator app is set up with. Shown until it is confirmed, and never again."""

    key: str
    uri: str
    qr_svg: str
