"""Sources whose rows carry the date that places them (R2)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import RowShape, choose_rows, grouping_sets, listed_measures

# Rows are added up by key, day and kind first, so that the measures' conditions and the pieces of the period are worked
# out on few groups.
_SUMS = """
SELECT {level} AS level, {listed}{sums}
FROM (
    SELECT g.*, {bucket} AS bucket
    FROM (
        SELECT {keys}{day} AS day, {kinds}{columns}count(*) AS entries
        FROM {table} r {joins}
        WHERE r.firm_id = %(firm)s AND r.{placed_on} BETWEEN {first} AND {last} AND {extra} AND {condition}
        {group}
    ) g
) r
{levels}
"""


@dataclass(frozen=True, slots=True)
class DatedSource:
    """A table and the column that places its rows; the kinds its measures tell apart and the columns they add up.

    Columns and `extra`, a further condition, may name `{as_of}`, and `extra` also `{first}` and `{last}`. Only what the
    measures name is worked out.
    """

    table: str
    placed_on: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    shape: RowShape = field(default_factory=RowShape)
    extra: str = "true"

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        level, levels = grouping_sets(reading)
        as_of = reading.value("as_of")
        kinds, columns = used(self.kinds, measures), used(self.columns, measures)
        day = f"r.{self.placed_on}" if reading.grain else ""
        groups = f"{chosen.grouped}{f'{day}, ' if day else ''}{''.join(f'{kind}, ' for kind in kinds.values())}"
        text = _SUMS.format(
            level=level,
            levels=levels,
            listed="".join(f"{key}, " for key in reading.keys),
            sums=listed_measures(measures),
            bucket=reading.bucket_of("g.day"),
            keys=chosen.selected,
            day=day or "NULL::date",
            kinds="".join(f"{expression} AS {name}, " for name, expression in kinds.items()),
            columns="".join(f"sum({each.format(as_of=as_of)}) AS {name}, " for name, each in columns.items()),
            table=self.table,
            joins=chosen.joins,
            placed_on=self.placed_on,
            first=reading.value("first"),
            last=reading.value("last"),
            extra=self.extra.format(as_of=as_of, first=reading.value("first"), last=reading.value("last")),
            condition=chosen.condition,
            group=f"GROUP BY {groups.removesuffix(', ')}" if groups else "HAVING count(*) > 0",
        )
        return Piece(text, chosen.values)


def used(there: Mapping[str, str], measures: Iterable[Measure]) -> dict[str, str]:
    """Return what of the columns there are the measures name."""
    named = {name for measure in measures for name in re.findall(r"\br\.(\w+)", measure.expression)}
    return {name: expression for name, expression in there.items() if name in named}


_SETTLE_KINDS = {
    "item": "r.item",
    "kind": "r.kind",
    "method": "r.method",
    "is_hourly": "r.is_hourly",
    "is_within_90_days": "(r.settled_on <= r.issued_on + 90)",
}
_SETTLE_COLUMNS = {
    "net": "r.net",
    "taxes": "r.tax + r.secondary_tax",
    # Money without an issue date has no age.
    "aged": "CASE WHEN r.issued_on IS NOT NULL THEN r.net + r.tax + r.secondary_tax END",
    "money_days": "(r.net + r.tax + r.secondary_tax) * greatest(r.settled_on - r.issued_on, 0)",
}
OF_LINES = RowShape(
    payer="r.payer_id",
    own={
        Dimension.BILL: "r.bill_id",
        Dimension.FEE_EXPENSE: "r.item",
        Dimension.BILLING_METHOD: "coalesce(r.billing_method, 'hourly')",
    },
)
OF_MONEY = RowShape(
    payer="r.payer_id", own={Dimension.BILL: "r.bill_id", Dimension.FEE_EXPENSE: "r.item", Dimension.METHOD: "r.method"}
)

TIME = DatedSource(
    "reports_time",
    "worked_on",
    {"work_class": "r.work_class", "is_hidden": "r.seconds IS NULL", "is_agreed_fee": "r.is_agreed_fee"},
    {
        "seconds": "r.seconds",
        "dated_seconds": "CASE WHEN r.entered_on IS NOT NULL THEN r.seconds END",
        "late_seconds": "r.seconds * (r.entered_on - r.worked_on)",
    },
    # Hours are one figure over all currencies (R11).
    RowShape(currency=""),
)
BILLED = DatedSource(
    "reports_line",
    "issued_on",
    {
        "item": "r.item",
        "is_no_charge": "r.is_no_charge",
        "billing_method": "r.billing_method",
        "is_hidden": "(r.worked IS NULL)",
        "is_hourly": "r.is_hourly",
    },
    {
        "net": "r.net",
        "hours": "r.hours",
        "worked": "r.worked",
        "written_down": "r.worked - r.gross",
        "line_discount": "r.line_discount",
        "bill_discount": "r.bill_discount",
        # Hand-typed lines have no work date, so they never waited.
        "waited_for": "CASE WHEN r.worked_on IS NOT NULL THEN r.worked END",
        "worth_days": "r.worked * greatest(r.issued_on - r.worked_on, 0)",
    },
    OF_LINES,
)
INTEREST = DatedSource(
    "reports_interest",
    "charged_on",
    columns={"amount": "r.amount"},
    shape=RowShape(
        timekeeper="",
        payer="r.payer_id",
        own={Dimension.BILL: "r.bill_id", Dimension.FEE_EXPENSE: "'interest'::text"},
    ),
)
SETTLED = DatedSource("reports_settle", "settled_on", _SETTLE_KINDS, _SETTLE_COLUMNS, OF_MONEY)
# Money that came in and stayed: without credits, and without what became the client's credit.
RECEIVED = DatedSource(
    "reports_settle",
    "settled_on",
    _SETTLE_KINDS,
    _SETTLE_COLUMNS,
    OF_MONEY,
    extra="r.kind = 'payment' AND r.item <> 'credit'",
)
COHORT = DatedSource(
    "reports_settle", "issued_on", _SETTLE_KINDS, _SETTLE_COLUMNS, OF_MONEY, extra="r.settled_on <= {as_of}"
)
WORKED = DatedSource(
    "reports_time",
    "worked_on",
    {"is_priced": "(r.value IS NOT NULL AND r.standard IS NOT NULL)", "is_hidden": "(r.value IS NULL)"},
    {"value": "r.value", "standard": "r.standard", "billed_value": "CASE WHEN r.billed_on <= {as_of} THEN r.value END"},
)
_WORK = """(
    SELECT x.firm_id, x.worked_on, t.worked_on AS entry_worked_on, t.timekeeper_id, t.matter_id, x.currency,
           t.standard IS NOT NULL AS is_priced, {columns}
    FROM {table} x JOIN reports_time t ON t.firm_id = x.firm_id AND t.activity_id = x.activity_id
    WHERE x.activity_id IS NOT NULL AND t.value IS NOT NULL
)"""
# The same day twice: the planner does not carry a range over from one side of a join to the other.
_ON_THE_DAY = "r.entry_worked_on BETWEEN {first} AND {last}"
# What became of time entries of a known value: their lines and money, under the entry's own timekeeper and matter.
WORK_BILLED = DatedSource(
    _WORK.format(table="reports_line", columns="x.issued_on, x.net"),
    "worked_on",
    columns={"net": "r.net"},
    extra=f"r.issued_on <= {{as_of}} AND {_ON_THE_DAY}",
)
WORK_COLLECTED = DatedSource(
    _WORK.format(table="reports_settle", columns="x.settled_on, x.kind, x.net"),
    "worked_on",
    {"is_priced": "r.is_priced"},
    columns={"net": "r.net"},
    extra=f"r.kind = 'payment' AND r.settled_on <= {{as_of}} AND {_ON_THE_DAY}",
)
