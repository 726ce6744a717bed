"""What a firm keeps beside Clio: rules of its numbers, and tables people otherwise keep in a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from apps.core.access import Extra


class CellKind(StrEnum):
    """What a column holds. The first four are Clio's ids; a month is its first day; percents are of 100."""

    PERSON = "person"
    MATTER = "matter"
    CLIENT = "client"
    PRACTICE_AREA = "practice_area"
    DAY = "day"
    MONTH = "month"
    NUMBER = "number"
    CHOICE = "choice"
    CURRENCY = "currency"
    WEEKDAYS = "weekdays"
    FLAG = "flag"


IDS = frozenset({CellKind.PERSON, CellKind.MATTER, CellKind.CLIENT, CellKind.PRACTICE_AREA})
Cell = int | str | bool | date | Decimal | tuple[int, ...] | None
KeptRow = Mapping[str, Cell]
RowKey = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """A column of a kept table. words: what it is, for people. default: what an empty cell means where it may be empty.

    most, places: of numbers, which are never negative; above_zero: 0 is refused too. is_pay: what somebody earns: the
    trail tells that it changed, not what it is.
    """

    name: str
    kind: CellKind
    words: str
    is_key: bool = False
    is_required: bool = True
    default: Cell = None
    most: Decimal = Decimal("99999999.99")
    places: int = 2
    above_zero: bool = False
    is_pay: bool = False
    choices: tuple[str, ...] = ()

    @property
    def name_column(self) -> str:
        """Return the column that shows the name behind an id: `timekeeper` beside `timekeeper_id`."""
        return self.name.removesuffix("_id") if self.kind in IDS else ""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table that a firm keeps: its name in addresses, what it is for, its columns, and who may read it.

    holds_from: the column from which a row holds, until the next one of the same subject or the end it names; empty:
    it always holds. needs: the permission without which it is not shown. rebuilds: the ledger is made with it.
    """

    name: str
    title: str
    question: str
    columns: tuple[KeptColumn, ...]
    holds_from: str
    holds_to: str = ""
    needs: Extra | None = None
    rebuilds: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns that make a row the one it is."""
        return tuple(column.name for column in self.columns if column.is_key)

    @property
    def tells_pay(self) -> bool:
        """Tell whether the table shows what people earn."""
        return any(column.is_pay for column in self.columns)

    @property
    def slug(self) -> str:
        """Return the name as it stands in addresses."""
        return self.name.replace("_", "-")

    def key_of(self, row: KeptRow) -> RowKey:
        """Return what makes a row the one it is."""
        return tuple(row[name] for name in self.keys)

    def column(self, name: str) -> KeptColumn | None:
        """Return a column by its name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell. column: empty where it is the row as a whole."""

    column: str
    detail: str
    code: str = "invalid"


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row as somebody gave it. place: what errors call it: a line of a file, a position in a list."""

    place: int
    row: KeptRow


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row before and after; before None: it is new; after None: it goes. row_id: of a row that is there."""

    before: KeptRow | None
    after: KeptRow | None
    row_id: int | None = None

    @property
    def what(self) -> str:
        """Return added, changed or removed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class TableChange:
    """What a change did to a table, or would do. version: of the table, after it.

    closed_months: those it reaches back into: figures restated move, those as reported stand.
    """

    version: int
    changes: tuple[ChangedRow, ...] = ()
    unchanged: int = 0
    closed_months: tuple[date, ...] = ()

    def count(self, what: str) -> int:
        """Return how many rows were added, changed or removed."""
        return sum(change.what == what for change in self.changes)


class PaymentAllocation(StrEnum):
    """How a payment is spread over the lines of its bill (kpis.md section 2)."""

    PROPORTIONAL = "proportional"
    OLDEST_FIRST = "oldest_first"
    EXPENSES_FIRST_PROPORTIONAL = "expenses_first_proportional"
    EXPENSES_FIRST_OLDEST = "expenses_first_oldest"


class AgingBasis(StrEnum):
    """What receivables age from (K24)."""

    DUE = "due"
    ISSUED = "issued"


class CapacityBasis(StrEnum):
    """What available hours are (K2): the calendar's working days, or Clio's eight hours on 260 days a year."""

    CALENDAR = "calendar"
    CLIO = "clio"


class LeaderboardNames(StrEnum):
    """Whether a leaderboard (K47) shows colleagues, only one's own place, or is off."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class FirmRules:
    """A firm's choices where the definitions leave one, as they hold now. version 0: never touched.

    leaderboard_minimum_hours: recorded hours without which nobody is ranked. minimum_people: fewer never share a cell
    that would tell of one of them.
    """

    payment_allocation: PaymentAllocation = PaymentAllocation.PROPORTIONAL
    aging_basis: AgingBasis = AgingBasis.DUE
    counts_no_charge_as_billable: bool = False
    capacity_basis: CapacityBasis = CapacityBasis.CALENDAR
    leaderboard_names: LeaderboardNames = LeaderboardNames.SHOWN
    leaderboard_minimum_hours: Decimal = Decimal(10)
    minimum_people: int = 4
    version: int = 0
