"""Sources whose rows stay apart: for medians, percentiles and counts of different things, which cannot be added up."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.sources.by_bill import MONEY_OF_BILL, ByBill
from apps.reports.queries.sources.dated import OF_LINES, OF_MONEY, used
from apps.reports.queries.sources.facts import Depth
from apps.reports.queries.sources.measured import of_single_row
from apps.reports.queries.sources.reading import Level, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import (
    ChosenRows,
    RowShape,
    by_levels,
    choose_rows,
    grouping_sets,
    listed_measures,
)

_ROWS = """
SELECT {keys}{bucket} AS bucket, {columns}
FROM {table} r {joins}
WHERE r.firm_id = %(firm)s AND r.{placed_on} BETWEEN {first} AND {last} AND {extra} AND {condition}
"""


@dataclass(frozen=True, slots=True)
class ApartSource:
    """A table, the column that places its rows, and what its measures look at.

    counted_once: the column that says which rows are one thing: within a key such a thing counts once, however many
    rows lead to it; empty: every row counts. by_bill: rows within a bill added up, where statistics count different
    things, so that it does not matter how many rows lead to one.
    """

    table: str
    placed_on: str
    columns: Mapping[str, str]
    shape: RowShape
    extra: str = "true"
    counted_once: str = ""
    by_bill: ByBill | None = None

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' statistics, each level's from its own rows."""
        chosen = choose_rows(reading, replace(self.shape, day=f"r.{self.placed_on}"))
        columns = used(self.columns, measures)
        if self.counted_once:
            columns[self.counted_once] = self.columns[self.counted_once]
        rows = self._rows(reading, chosen, columns)
        statistics = listed_measures(measures)
        if self.counted_once:
            named = ", ".join(columns)
            text = f"WITH placed AS MATERIALIZED ({rows}) " + by_levels(
                reading, lambda level: _different(level, named), statistics
            )
        else:
            level, levels = grouping_sets(reading)
            listed = "".join(f"{key}, " for key in reading.keys)
            text = f"SELECT {level} AS level, {listed}{statistics} FROM ({rows}) r {levels}"
        return Piece(text, chosen.values)

    def by_key(self, reading: Reading, measures: Sequence[Measure]) -> list[Piece]:
        """Return statements for a reading of its keys only: of rows alone under a key as they are, and of others."""
        chosen = choose_rows(reading, replace(self.shape, day=f"r.{self.placed_on}"))
        columns, singly = used(self.columns, measures), [of_single_row(measure) for measure in measures]
        depth = self._depth_by_bill(reading, chosen, columns)
        if not (self.by_bill and depth and all(singly) and self.by_bill.has_rows_alone(chosen.keys, depth)):
            return [self.piece(reading, measures)]
        alone = replace(self, extra=f"r.is_alone AND {self.extra}")
        others = replace(self, extra=f"NOT r.is_alone AND {self.extra}").piece(reading, measures)
        keys = "".join(f"r.{key}, " for key in reading.keys)
        of_each = ", ".join(f"{each} AS {measure.key}" for each, measure in zip(singly, measures, strict=True))
        rows = alone._rows(reading, chosen, columns)
        return [Piece(f"SELECT 0 AS level, {keys}{of_each} FROM ({rows}) r", chosen.values), others]

    def _rows(self, reading: Reading, chosen: ChosenRows, columns: Mapping[str, str]) -> str:
        extra = self.extra.format(as_of=reading.value("as_of"))
        depth = self._depth_by_bill(reading, chosen, columns)
        return _ROWS.format(
            keys=chosen.selected,
            bucket=reading.bucket_of(f"r.{self.placed_on}"),
            columns=", ".join(f"{expression} AS {name}" for name, expression in columns.items()),
            table=self.by_bill.table if self.by_bill and depth else self.table,
            joins=chosen.joins,
            placed_on=self.placed_on,
            first=reading.value("first"),
            last=reading.value("last"),
            extra=f"r.depth = {depth.value} AND {extra}" if depth else extra,
            condition=chosen.condition,
        )

    def _depth_by_bill(self, reading: Reading, chosen: ChosenRows, columns: Mapping[str, str]) -> Depth | None:
        """Return how deep rows by bill answer, or None where the ledger's own are needed."""
        named = " ".join([chosen.joins, chosen.condition, *chosen.keys])
        sums = self.by_bill if reading.has_facts else None
        return sums.depth_for(named, (), columns.values(), self.extra) if sums else None


def _different(level: Level, named: str) -> str:
    return f"SELECT DISTINCT {', '.join([*level, named])} FROM placed"


# The gaps between work and bill, line by line (K14).
BILLED_LINES = ApartSource(
    "reports_line",
    "issued_on",
    {"waited": "greatest(r.issued_on - r.worked_on, 0)"},
    OF_LINES,
    extra="r.item = 'fee' AND r.activity_id IS NOT NULL AND r.worked_on IS NOT NULL",
)
# The payments behind the money that came in (K21).
PAYMENTS = ApartSource(
    "reports_settle",
    "settled_on",
    {"payment_id": "r.payment_id"},
    replace(OF_MONEY, own={**(OF_MONEY.own or {}), RowKey.ID: "r.payment_id", RowKey.PART: "NULL::text"}, fee=""),
    extra="r.kind = 'payment' AND r.item <> 'credit'",
    by_bill=MONEY_OF_BILL,
)
# Bills that came to nothing by being paid, each once in every key its lines lead to (K20).
PAID_UP = ApartSource(
    """(
    SELECT b.firm_id, b.bill_id, b.paid_up_on, b.issued_on, b.currency, b.payer_id, l.timekeeper_id, l.matter_id
    FROM reports_bill b LEFT JOIN reports_line l ON l.firm_id = b.firm_id AND l.bill_id = b.bill_id
    WHERE b.paid_up_on IS NOT NULL
)""",
    "paid_up_on",
    {"bill_id": "r.bill_id", "taken": "greatest(r.paid_up_on - r.issued_on, 0)"},
    RowShape(payer="r.payer_id", own={RowKey.ID: "r.bill_id", Dimension.BILL: "r.bill_id"}),
    extra="r.issued_on <= {as_of}",
    counted_once="bill_id",
)
