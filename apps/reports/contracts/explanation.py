"""How a figure was made: a cell of an answer, what was summed, and the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from apps.reports.contracts.conversion import Conversion, Original
from apps.reports.contracts.overview import Freshness, QualityFlag
from apps.reports.contracts.periods import Period
from apps.reports.contracts.query import Dimension, KeyValue, Mode, Query
from apps.reports.contracts.sources import Unit


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a question's answer. item: `collected.fees`. keys: those of its row; none are the total's.

    piece: the first day of a piece of the period. is_compared: the figure of the period set beside.
    """

    item: str
    keys: Mapping[Dimension, KeyValue] = field(default_factory=dict)
    piece: date | None = None
    is_compared: bool = False


@dataclass(frozen=True, slots=True)
class RowMark:
    """A place among the rows behind a figure: source by source in a fixed order, in each by id and part."""

    source: int
    row_id: int
    part: str
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class CellQuestion:
    """What is to be explained, and which of the rows behind it are wanted."""

    query: Query
    cell: Cell
    mark: RowMark | None = None
    size: int = 50


class Role(StrEnum):
    """What a sum is in its figure: added up, over or under the bar, its only value, or counted beside it (R13).

    BESIDE: not in the figure; it tells what a row's own amount was worked out from, such as what a floor cut off.
    """

    ADDED = "added"
    OVER = "over"
    UNDER = "under"
    VALUE = "value"
    HIDDEN = "hidden"
    BESIDE = "beside"


class RowKind(StrEnum):
    """What a row behind a figure is: the records of a source as they naturally are.

    OTHERS: several in one which the reader may not see one by one, though their sum: work on a budget, or under a
    credit, that is somebody else's; without the permission for rates, other people's time of one bill or matter.
    """

    ENTRY = "entry"
    LINE = "line"
    SETTLEMENT = "settlement"
    INTEREST_CHARGE = "interest_charge"
    BILL = "bill"
    PAYMENT = "payment"
    PERSON_MONTH = "person_month"
    MATTER = "matter"
    PERSON_DAY = "person_day"
    PERSON = "person"
    CLIENT = "client"
    TRANSACTION = "transaction"
    TARGET = "target"
    BANK_ACCOUNT = "bank_account"
    OTHERS = "others"
    LEDGER = "ledger"
    STAGE_STAY = "stage_stay"


@dataclass(frozen=True, slots=True)
class ExplainedSum:
    """A sum a figure is made of. total: exact, in `unit` times `divisor`: hours are told in seconds, divisor 3600.

    The rows' contributions add up to it exactly; but of a VALUE, such as a median, they are what it was taken of. What
    is BESIDE has no total.
    """

    key: str
    role: Role
    unit: Unit | None
    divisor: int
    kind: RowKind | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class AppliedFilter:
    """What narrows the figure, in ids and in words."""

    dimension: Dimension
    values: tuple[KeyValue, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a row is about. day: the one that places it. Ids are Clio's."""

    detail: str = ""
    day: date | None = None
    timekeeper_id: int | None = None
    matter_id: int | None = None
    bill_id: int | None = None
    client_id: int | None = None
    payment_id: int | None = None


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """A row behind a figure. contributions: by sum, exact. labels: what its ids are called, as far as it may be told.

    record: its address below the firm's, where it is a record of Clio's. page: Clio's own page nearest to it.
    originals: of a converted figure what the row was before; none of OTHERS, several of a row with several rates.
    """

    kind: RowKind
    row_id: int
    part: str
    facts: RowFacts
    contributions: Mapping[str, Decimal]
    labels: Mapping[str, str] = field(default_factory=dict)
    record: str = ""
    page: str = ""
    originals: tuple[Original, ...] = ()


@dataclass(frozen=True, slots=True)
class TieOut:
    """Clio's own figure of the same name beside ours. difference: ours less Clio's; reasons: what of it is explained.

    reasons: sentence -> amount. They and `unexplained` add up to the difference.
    """

    title: str
    ours: Decimal
    clios: Decimal
    reasons: Mapping[str, Decimal]
    unexplained: Decimal

    @property
    def difference(self) -> Decimal:
        """Return ours less Clio's."""
        return self.ours - self.clios


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a figure was made. status: as an answer's. period: the cell's own: the piece's, or the compared one."""

    status: str
    scope: str
    metric: str
    item: str
    unit: Unit
    period: Period
    currency: str
    data_as_of: Freshness
    value: Decimal | None = None
    filters: tuple[AppliedFilter, ...] = ()
    sums: tuple[ExplainedSum, ...] = ()
    rows: tuple[ExplainedRow, ...] = ()
    next: RowMark | None = None
    previous: RowMark | None = None
    tie_out: TieOut | None = None
    incomplete: bool = False
    flags: tuple[QualityFlag, ...] = ()
    mode: Mode = Mode.RESTATED
    conversion: Conversion | None = None
