"""Sources whose rows carry the date that places them (R2)."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.sources.by_bill import LINES_OF_BILL, MONEY_OF_BILL, ByBill
from apps.reports.queries.sources.facts import (
    COHORT_FACTS,
    LINE_FACTS,
    ON_THE_DAY,
    SETTLE_FACTS,
    TIME_FACTS,
    WORK,
    WORK_BILLED_FACTS,
    WORK_COLLECTED_FACTS,
    Depth,
    Facts,
    Fit,
)
from apps.reports.queries.sources.measured import of_single_row, shared_conditions
from apps.reports.queries.sources.reading import Piece, Reading, RowKey
from apps.reports.queries.sources.rows import ChosenRows, RowShape, choose_rows, grouping_sets, listed_measures

# Rows are added up by key, day and kind first, so that the measures' conditions and the pieces of the period are worked
# out on few groups.
_SUMS = """
SELECT {level} AS level, {listed}{sums}
FROM (SELECT g.*, {bucket} AS bucket FROM ({rows}) g) r
{levels}
"""
_ROWS = """
SELECT {keys}{day} AS day, {kinds}{columns}{entries} AS entries
FROM {table} r {joins}
WHERE r.firm_id = %(firm)s AND r.{placed_on} BETWEEN {first} AND {last} AND {extra} AND {condition}
{group}
"""


@dataclass(frozen=True, slots=True)
class DatedSource:
    """A table and the column that places its rows; the kinds its measures tell apart and the columns they add up.

    Columns and `extra`, a further condition, may name `{as_of}`, and `extra` also `{first}` and `{last}`. Only what the
    measures name is worked out. facts: sums of the same rows by month; by_bill: those within each bill. entries: the
    SQL of how many rows there are.
    """

    table: str
    placed_on: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    shape: RowShape = field(default_factory=RowShape)
    extra: str = "true"
    facts: Facts | None = None
    by_bill: ByBill | None = None
    entries: str = "count(*)"

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, replace(self.shape, day=f"r.{self.placed_on}"))
        shared = shared_conditions(self.kinds, measures)
        chosen = replace(chosen, condition=" AND ".join([chosen.condition, *shared]))
        level, levels = grouping_sets(reading)
        rows = self.rows(reading, chosen, used(self.kinds, measures), used(self.columns, measures))
        text = _SUMS.format(
            level=level,
            levels=levels,
            listed="".join(f"{key}, " for key in reading.keys),
            sums=listed_measures(measures),
            bucket=reading.bucket_of("g.day"),
            rows=rows.text,
        )
        return Piece(text, rows.values)

    def by_key(self, reading: Reading, measures: Sequence[Measure]) -> list[Piece]:
        """Return statements for a reading of its keys only: of rows alone under a key as they are, and of others."""
        chosen = choose_rows(reading, replace(self.shape, day=f"r.{self.placed_on}"))
        shared = shared_conditions(self.kinds, measures)
        chosen = replace(chosen, condition=" AND ".join([chosen.condition, *shared]))
        kinds, columns = used(self.kinds, measures), used(self.columns, measures)
        depth = self._depth_by_bill(reading, chosen, kinds, columns)
        singly = [of_single_row(measure) for measure in measures]
        if not (self.by_bill and depth and all(singly) and self.by_bill.has_rows_alone(chosen.keys, depth)):
            return [self.piece(reading, measures)]
        alone = replace(self, extra=f"r.is_alone AND {self.extra}")
        rows = alone._of_ledger(reading, chosen, kinds, columns, "first", "last", is_grouped=False)
        keys = "".join(f"r.{key}, " for key in reading.keys)
        of_each = ", ".join(f"{each} AS {measure.key}" for each, measure in zip(singly, measures, strict=True))
        others = replace(self, extra=f"NOT r.is_alone AND {self.extra}").piece(reading, measures)
        return [Piece(f"SELECT 0 AS level, {keys}{of_each} FROM ({rows}) r", chosen.values), others]

    def rows(self, reading: Reading, chosen: ChosenRows, kinds: Mapping[str, str], columns: Mapping[str, str]) -> Piece:
        """Return the rows added up by key, day (the first of the month or year where facts answer) and kind."""
        stretches = reading.stretches()
        fit = self._fit(chosen, kinds, columns) if stretches else None
        if fit is None:
            return Piece(self._of_ledger(reading, chosen, kinds, columns, "first", "last"), chosen.values)
        first, last, day = stretches[0][0], stretches[-1][1], timedelta(days=1)
        values: dict[str, Any] = {"before_facts": first - day, "after_facts": last + day}
        parts = []
        for start, end, is_years in stretches:
            # Sources of one question may be cut otherwise: the names tell the days.
            names = (f"from_{start:%Y%m%d}", f"to_{end:%Y%m%d}")
            values |= dict(zip(names, (start, end), strict=True))
            parts.append(self._of_facts(reading, chosen, kinds, columns, fit, names, is_years=is_years))
        if reading.first < first:
            parts.append(self._of_ledger(reading, chosen, kinds, columns, "first", "before_facts"))
        if last < reading.last:
            parts.append(self._of_ledger(reading, chosen, kinds, columns, "after_facts", "last"))
        named = {f"{reading.prefix}{name}": value for name, value in values.items()}
        return Piece(" UNION ALL ".join(parts), {**chosen.values, **named})

    def _fit(self, chosen: ChosenRows, kinds: Mapping[str, str], columns: Mapping[str, str]) -> Fit | None:
        named = " ".join([chosen.joins, chosen.condition, *chosen.keys])
        return self.facts.fit(named, kinds.values(), columns.values(), self.extra) if self.facts else None

    def _of_facts(
        self,
        reading: Reading,
        chosen: ChosenRows,
        kinds: Mapping[str, str],
        columns: Mapping[str, str],
        fit: Fit,
        span: tuple[str, str],
        *,
        is_years: bool,
    ) -> str:
        return _filled(
            reading,
            chosen,
            {name: fit.facts[expression] for name, expression in kinds.items()},
            {name: fit.facts[expression] for name, expression in columns.items()},
            table=fit.table,
            placed_on="month",
            extra=fit.of_years if is_years else fit.of_months,
            entries="sum(r.entries)",
            first=reading.value(span[0]),
            last=reading.value(span[1]),
        )

    def _of_ledger(
        self,
        reading: Reading,
        chosen: ChosenRows,
        kinds: Mapping[str, str],
        columns: Mapping[str, str],
        first: str,
        last: str,
        *,
        is_grouped: bool = True,
    ) -> str:
        named = {"as_of": reading.value("as_of"), "first": reading.value(first), "last": reading.value(last)}
        filled = {name: each.format(**named) for name, each in columns.items()}
        extra = self.extra.format(**named)
        depth = self._depth_by_bill(reading, chosen, kinds, columns)
        return _filled(
            reading,
            chosen,
            kinds,
            filled,
            is_grouped=is_grouped,
            table=self.by_bill.table if self.by_bill and depth else self.table,
            placed_on=self.placed_on,
            extra=f"r.depth = {depth.value} AND {extra}" if depth else extra,
            entries=("sum(r.entries)" if is_grouped else "r.entries") if depth else self.entries,
            first=named["first"],
            last=named["last"],
        )

    def _depth_by_bill(
        self, reading: Reading, chosen: ChosenRows, kinds: Mapping[str, str], columns: Mapping[str, str]
    ) -> Depth | None:
        """Return how deep rows by bill answer, or None where the ledger's own are needed."""
        named = " ".join([chosen.joins, chosen.condition, *chosen.keys])
        sums = self.by_bill if reading.has_facts else None
        return sums.depth_for(named, kinds.values(), columns.values(), self.extra) if sums else None


def _filled(
    reading: Reading,
    chosen: ChosenRows,
    kinds: Mapping[str, str],
    columns: Mapping[str, str],
    *,
    is_grouped: bool = True,
    **parts: str,
) -> str:
    day = f"r.{parts['placed_on']}" if reading.grain else ""
    groups = f"{chosen.grouped}{f'{day}, ' if day else ''}{''.join(f'{kind}, ' for kind in kinds.values())}"
    group = f"GROUP BY {groups.removesuffix(', ')}" if groups else "HAVING count(*) > 0"
    return _ROWS.format(
        keys=chosen.selected,
        day=day or "NULL::date",
        kinds="".join(f"{expression} AS {name}, " for name, expression in kinds.items()),
        columns="".join(f"{f'sum({each})' if is_grouped else each} AS {name}, " for name, each in columns.items()),
        joins=chosen.joins,
        condition=chosen.condition,
        group=group if is_grouped else "",
        **parts,
    )


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
# One allocation settles many lines; the bill is told so that its rows are found again by an index.
_SHARE = "r.item || '-' || coalesce(r.bill_id, 0) || '-' || coalesce(r.line_id, r.matter_id, 0)"
OF_COSTS: Mapping[Dimension | RowKey, str] = {
    Dimension.CATEGORY: "r.category_id",
    Dimension.COST_KIND: "r.cost_kind",
}
OF_EXPENSES: Mapping[Dimension | RowKey, str] = {
    Dimension.CATEGORY: "r.category_id",
    Dimension.COST_KIND: (
        "CASE r.type WHEN 'HardCostEntry' THEN 'hard' WHEN 'SoftCostEntry' THEN 'soft' ELSE 'plain' END"
    ),
}
OF_ENTRIES: Mapping[Dimension | RowKey, str] = {RowKey.ID: "r.activity_id"}
OF_TIME: Mapping[Dimension | RowKey, str] = {**OF_ENTRIES, Dimension.CATEGORY: "r.category_id"}
OF_SHARES: Mapping[Dimension | RowKey, str] = {RowKey.ID: "r.allocation_id", RowKey.PART: _SHARE}


def person_months(day: str) -> Mapping[Dimension | RowKey, str]:
    """Return what tells a person's calendar months from one another, by the SQL of a row's day."""
    return {RowKey.ID: "r.timekeeper_id", RowKey.PART: f"to_char({day}, 'YYYY-MM')"}


OF_LINES = RowShape(
    payer="r.payer_id",
    own={
        RowKey.ID: "r.line_id",
        Dimension.BILL: "r.bill_id",
        Dimension.FEE_EXPENSE: "r.item",
        Dimension.BILLING_METHOD: "coalesce(r.billing_method, 'hourly')",
        **OF_COSTS,
    },
    fee="r.item = 'fee'",
)
OF_MONEY = RowShape(
    payer="r.payer_id",
    own={
        Dimension.BILL: "r.bill_id",
        Dimension.FEE_EXPENSE: "r.item",
        Dimension.METHOD: "r.method",
        Dimension.ALLOCATION: "r.allocation_id",
        **OF_COSTS,
        **OF_SHARES,
    },
    fee="r.item = 'fee'",
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
    RowShape(currency="", own=OF_TIME),
    facts=TIME_FACTS,
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
        "taxes": "r.tax + r.secondary_tax",
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
    facts=LINE_FACTS,
    by_bill=LINES_OF_BILL,
)
INTEREST = DatedSource(
    "reports_interest",
    "charged_on",
    columns={"amount": "r.amount"},
    shape=RowShape(
        timekeeper="",
        payer="r.payer_id",
        own={
            RowKey.ID: "r.interest_charge_id",
            Dimension.BILL: "r.bill_id",
            Dimension.FEE_EXPENSE: "'interest'::text",
        },
    ),
)
SETTLED = DatedSource(
    "reports_settle",
    "settled_on",
    _SETTLE_KINDS,
    _SETTLE_COLUMNS,
    OF_MONEY,
    facts=SETTLE_FACTS,
    by_bill=MONEY_OF_BILL,
)
# Money that came in and stayed: without credits, and without what became the client's credit.
RECEIVED = DatedSource(
    "reports_settle",
    "settled_on",
    _SETTLE_KINDS,
    _SETTLE_COLUMNS,
    OF_MONEY,
    extra="r.kind = 'payment' AND r.item <> 'credit'",
    facts=SETTLE_FACTS,
    by_bill=MONEY_OF_BILL,
)
COHORT = DatedSource(
    "reports_settle",
    "issued_on",
    _SETTLE_KINDS,
    _SETTLE_COLUMNS,
    OF_MONEY,
    extra="r.settled_on <= {as_of}",
    facts=COHORT_FACTS,
    by_bill=MONEY_OF_BILL,
)
WORKED = DatedSource(
    "reports_time",
    "worked_on",
    {"is_priced": "(r.value IS NOT NULL AND r.standard IS NOT NULL)", "is_hidden": "(r.value IS NULL)"},
    {"value": "r.value", "standard": "r.standard", "billed_value": "CASE WHEN r.billed_on <= {as_of} THEN r.value END"},
    RowShape(own=OF_TIME, fee="true"),
    facts=TIME_FACTS,
)
# What became of time entries of a known value: their lines and money, under the entry's own timekeeper and matter.
WORK_BILLED = DatedSource(
    WORK.format(table="reports_line", columns="x.issued_on, x.net, x.line_id"),
    "worked_on",
    columns={"net": "r.net"},
    shape=RowShape(own={RowKey.ID: "r.line_id", Dimension.CATEGORY: "r.category_id"}, fee="true"),
    extra=f"r.issued_on <= {{as_of}} AND {ON_THE_DAY}",
    facts=WORK_BILLED_FACTS,
)
WORK_COLLECTED = DatedSource(
    WORK.format(table="reports_settle", columns="x.settled_on, x.kind, x.net, x.allocation_id, x.item, x.line_id"),
    "worked_on",
    {"is_priced": "r.is_priced"},
    columns={"net": "r.net"},
    shape=RowShape(own={**OF_SHARES, Dimension.CATEGORY: "r.category_id"}, fee="true"),
    extra=f"r.kind = 'payment' AND r.settled_on <= {{as_of}} AND {ON_THE_DAY}",
    facts=WORK_COLLECTED_FACTS,
)
# Movements of trust money; the client is the matter's, else the transaction's own.
OF_TRUST = RowShape(
    timekeeper="",
    payer="r.client_id",
    of_matters=True,
    own={
        Dimension.BANK_ACCOUNT: "r.bank_account_id",
        Dimension.TRANSACTION: "r.transaction_id",
        RowKey.ID: "r.transaction_id",
    },
)
TRUST_COLUMNS = {
    "amount": "r.amount",
    "funds_in": "greatest(r.amount, 0)",
    "funds_out": "greatest(-r.amount, 0)",
    "of_matters": "CASE WHEN r.matter_id IS NOT NULL THEN r.amount END",
}
TRUST_MOVED = DatedSource("reports_trust", "moved_on", columns=TRUST_COLUMNS, shape=OF_TRUST)
