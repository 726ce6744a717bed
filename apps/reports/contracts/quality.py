"""What is wrong or missing in the records behind the figures (K48), and where to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from apps.reports.contracts.explanation import RowFacts, RowKind, RowMark
from apps.reports.contracts.overview import Freshness


class Severity(StrEnum):
    """What a fault does to figures: bends them, leaves rows out of some, or only looks odd."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check and what it found in a scope: `count` of `of` records; of None: there is no whole to compare with.

    touches: names of the metrics that are made from such records.
    """

    key: str
    title: str
    why: str
    to_do: str
    severity: Severity
    count: int
    of: int | None
    touches: tuple[str, ...] = ()


class CheckKind(StrEnum):
    """The daily checks of the ledger."""

    RECEIVABLE = "receivable"
    BILL = "bill"
    TRUST = "trust"


@dataclass(frozen=True, slots=True)
class DailyCheck:
    """What a check of the ledger found on a day. Amounts in minor units of the currency; of receivables only.

    explained: of the difference, ours less Clio's. faults: records, or for receivables 1 where a rest is unexplained.
    """

    kind: CheckKind
    checked_on: date
    checked_at: datetime
    currency: str
    ours: int | None
    clios: int | None
    explained: int | None
    faults: int


@dataclass(frozen=True, slots=True)
class EntityAge:
    """How long ago an entity of Clio's was read to its end. refused: the last run could not read it."""

    entity: str
    last_completed_at: datetime | None
    age_seconds: int | None
    is_refused: bool


@dataclass(frozen=True, slots=True)
class QualityReport:
    """All checks of a scope, the worst first. status: as an answer's."""

    status: str
    scope: str
    data_as_of: Freshness
    checks: tuple[CheckResult, ...] = ()
    entities: tuple[EntityAge, ...] = ()
    daily: tuple[DailyCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A record a check found. record, page: as of a row behind a figure."""

    kind: RowKind
    row_id: int
    part: str
    facts: RowFacts
    labels: Mapping[str, str] = field(default_factory=dict)
    record: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of the records a check found, the youngest first."""

    check: CheckResult
    rows: tuple[FaultyRow, ...] = ()
    next: RowMark | None = None
    previous: RowMark | None = None
