"""What crosses the door of accounts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FirmProfile:
    """A firm's settings that other apps compute with.

    time_zone: IANA name. currency: ISO 4217. fiscal_year_start_month: 1-12. week_starts_on: ISO weekday, 1 or 7.
    """

    firm_id: int
    public_id: UUID
    name: str
    time_zone: str
    currency: str
    fiscal_year_start_month: int
    week_starts_on: int
    created_at: datetime


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


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, for sessions and the audit trail."""

    ip: str | None = None
    user_agent: str = ""
