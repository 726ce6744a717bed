"""What crosses the clio app's rooms and its door."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    """The latest run of a firm, entity by entity."""

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


@dataclass(frozen=True, slots=True)
class Written:
    """What one batch did to the mirror: ids of the records that are new, and of those that changed."""

    inserted: tuple[int, ...]
    updated: tuple[int, ...]

    @property
    def changed(self) -> int:
        return len(self.inserted) + len(self.updated)
