"""What crosses the clio app's rooms and its door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What requests to Clio are for. A part of the budget is kept for re-reads, which somebody waits for."""

    BULK = "bulk"
    REREAD = "reread"


@dataclass(frozen=True, slots=True)
class ClioApplication:
    """Our developer application in one of Clio's regions."""

    region: str
    host: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What it takes to call Clio for a firm.

    budget: whose requests count together. version: names this very token, for a refresh that many may ask for.
    connection_id: the firm's connection it comes from; None while one is being made.
    """

    budget: str
    host: str
    access_token: str
    version: str
    connection_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Clio's token endpoint gave. No refresh token: the one in hand stays valid."""

    access_token: str
    refresh_token: str | None
    expires_in_seconds: int


@dataclass(frozen=True, slots=True)
class ClioIdentity:
    """Who allowed the connection in Clio, and whose account it is."""

    user_id: int
    user_name: str
    account_id: int
    account_name: str


@dataclass(frozen=True, slots=True)
class ConnectStart:
    """Where to send the person, until when the way back works, and the secret their browser must bring back."""

    authorize_url: str
    expires_at: datetime
    browser_key: str


class ConnectionStatus(StrEnum):
    CONNECTED = "connected"
    REVOKED = "revoked"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class ConnectionSummary:
    """A firm's connection as people may see it: never a token."""

    status: ConnectionStatus
    region: str
    clio_account_id: int
    clio_account_name: str
    clio_user_name: str
    connected_at: datetime
    status_changed_at: datetime


@dataclass(frozen=True, slots=True)
class RegionState:
    """How a region of Clio is, as our workers met it. failures: in a row. asked_again_in: seconds, 0 while it is up."""

    region: str
    is_down: bool
    failures: int
    asked_again_in: float


@dataclass(frozen=True, slots=True)
class EntityProgress:
    """One entity of a run. `records_per_second` counts working time; the ETA counts the waiting too."""

    entity: str
    state: str
    records: int
    expected: int | None
    changed: int
    pages: int
    records_per_second: float | None
    eta_seconds: int | None
    started_at: datetime | None
    finished_at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """The latest run of a firm, entity by entity.

    eta_seconds: by its pace so far, pauses for Clio's limit included; None while too little is known.
    """

    run_id: int
    kind: str
    state: str
    reason: str
    detail: str
    started_at: datetime
    finished_at: datetime | None
    goes_on_at: datetime | None
    records: int
    worked_seconds: float
    eta_seconds: int | None
    entities: tuple[EntityProgress, ...]


@dataclass(frozen=True, slots=True)
class SyncState:
    """What "data as of" is made of.

    is_complete: each entity is settled: read to its end once, or refused in a run that finished. data_as_of: everything
    Clio had at that instant is in the mirror, but for what was refused; None until complete. refused: entities that the
    last run which finished could not read; what was read of them before stays.
    """

    connection: ConnectionStatus | None
    data_as_of: datetime | None
    is_complete: bool
    refused: tuple[str, ...]
    records: int
    state: str | None
    detail: str


# Clio's id of a record: a number, but text for calendar entries.
RecordKey = int | str


@dataclass(frozen=True, slots=True)
class Written:
    """What one batch did to the mirror: ids of the records that are new, and of those that changed or are gone."""

    inserted: tuple[RecordKey, ...]
    updated: tuple[RecordKey, ...]

    def __bool__(self) -> bool:
        return self.changed > 0

    @property
    def changed(self) -> int:
        return len(self.inserted) + len(self.updated)


@dataclass(frozen=True, slots=True)
class WebhookTold:
    """A webhook as Clio tells it. status: pending, enabled or suspended. secret: "" where it is not told."""

    clio_webhook_id: int
    url: str
    model: str
    fields: str
    events: tuple[str, ...]
    status: str
    expires_at: datetime | None
    secret: str


@dataclass(frozen=True, slots=True)
class WebhookReference:
    """The webhook an address of ours belongs to."""

    firm_id: int
    webhook_id: int


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """What a delivery says: a hint. version: the record's etag, or what tells this body from others."""

    event: str
    record_id: str
    version: str
    clio_webhook_id: int | None


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """How one of the firm's webhooks is. state: opening, enabled, refused, expired, or missing."""

    model: str
    state: str
    detail: str
    expires_at: datetime | None
    last_heard_at: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of reading records anew. odd: ids of records that cannot be kept, and why."""

    found: frozenset[int | str]
    gone: frozenset[int | str]
    odd: Mapping[int | str, str]
    has_changed: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """What the last comparison of an entity with Clio found. state: done, unsure (Clio's list was cut), refused ...

    known: rows compared. gone: no longer in Clio, and marked. held: kept, since Clio may only hide them. extra, stale:
    not here, or not like this; missed: of those, what a sync should have brought. back: marked as gone before.
    """

    checked_at: datetime
    is_whole: bool
    state: str
    known: int
    gone: int
    held: int
    extra: int
    stale: int
    back: int
    missed: int
    mended: int
    detail: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of the mirror with Clio's own lists, and what all its entities come to: counts as in `Drift`.

    kind: nightly, weekly (everything) or asked. finished_at: None while it is under way.
    """

    comparison_id: int
    kind: str
    state: str
    detail: str
    started_at: datetime
    finished_at: datetime | None
    known: int
    gone: int
    held: int
    extra: int
    stale: int
    back: int
    missed: int
    mended: int


@dataclass(frozen=True, slots=True)
class EntityHealth:
    """How one kind of records is. lag_seconds: the age of what is shown. refused: why Clio does not give it, or ""."""

    entity: str
    label: str
    records: int
    last_success_at: datetime | None
    lag_seconds: int | None
    refused: str
    held: int
    drift: Drift | None


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that is not well: what it means for the firm's numbers, and what helps."""

    kind: str
    is_serious: bool
    title: str
    advice: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast Clio may be asked. is_answering: False while the region fails and only probes go out."""

    is_answering: bool
    probes_in_seconds: float
    allowed_per_minute: int
    remaining: int
    window_ends_in_seconds: float


@dataclass(frozen=True, slots=True)
class ClioHealth:
    """Whether the firm's numbers are what Clio has, in facts and in words; pace: None where Redis is away."""

    is_well: bool
    summary: str
    looked_at: datetime
    connection: ConnectionSummary | None
    sync: SyncState
    run_state: str
    run_reason: str
    run_detail: str
    goes_on_at: datetime | None
    lag_seconds: int | None
    pace: Pace | None
    webhooks: tuple[WebhookHealth, ...]
    webhooks_detail: str
    next_comparison_at: datetime | None
    concerns: tuple[Concern, ...]
    entities: tuple[EntityHealth, ...]
