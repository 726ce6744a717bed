"""The rows of closed months: which sources keep theirs, in what form, and the same sources over what was kept.

A family is the rows of one or more sources that are the same rows: it keeps what any of them looks at. A source over
kept rows is the source itself over another table, so that no measure is written twice.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from apps.reports.contracts import Dimension, Source
from apps.reports.queries.sources import (
    Readable,
    apart,
    capacity,
    credit,
    dated,
    expenses,
    kept_plan,
    matters,
    plan,
    plan_to_keep,
    planned,
    profit,
)
from apps.reports.queries.sources.apart import ApartSource
from apps.reports.queries.sources.dated import DatedSource, person_months
from apps.reports.queries.sources.reading import Piece, Reading, RowKey
from apps.reports.queries.sources.rows import ChosenRows, RowShape, key_type

_WORDS = frozenset({"measure", "item", "kind", "method", "work_class", "billing_method", "role", "part"})
_TRUTHS = ("is_", "has_", "lacks_")
COLUMNS: Mapping[Dimension, str] = {
    Dimension.TIMEKEEPER: "timekeeper_id",
    Dimension.MATTER: "matter_id",
    Dimension.PAYER: "payer_id",
    Dimension.CURRENCY: "currency",
}
"""The dimensions that kept rows have a column for; the others are in their `keys`."""
KEYS = tuple(dimension for dimension in Dimension if dimension not in COLUMNS)
_KEPT = """(
    SELECT f.firm_id, f.close_id, f.row_id, f.row_part, f.placed_on, f.currency, f.timekeeper_id, f.matter_id,
           f.payer_id, f.keys, c.currency AS firms_currency{figures}
    FROM reports_periodclose c
    JOIN reports_frozen_row f ON f.firm_id = c.firm_id AND f.close_id = c.id
    WHERE c.firm_id = %(firm)s AND c.reopened_at IS NULL AND f.family = '{family}'
)"""
# What everybody had available, from the days that were kept; `days` are those of the period.
_AVAILABLE = """
    SELECT {{people_keys}}d.bucket, d.month, r.timekeeper_id, sum(r.available) AS available
    FROM {kept} r {{people_joins}}
    JOIN days d ON d.day = r.placed_on
    WHERE r.firm_id = %(firm)s AND r.placed_on BETWEEN {{first}} AND {{last}} AND {{people}}
    GROUP BY {{people_grouped}}d.bucket, d.month, r.timekeeper_id
"""


@dataclass(frozen=True, slots=True)
class Family:
    """Rows to be kept: where they are, what places them, their shape and what measures look at in them, by name.

    figures: SQL over a row `r`, which may name `{as_of}`; of those called like a column of their own nothing is kept
    besides. extra: the condition of the rows. sums: the figures that sources add up, if their sums are to be kept.
    """

    name: str
    table: str
    placed_on: str
    shape: RowShape
    figures: Mapping[str, str] = field(default_factory=dict)
    extra: str = "true"
    sums: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the figures that tell rows apart when they are added up."""
        return tuple(name for name in self.figures if _type(name) != "numeric")

    def kept(self) -> str:
        """Return the rows as they were kept for the months that are closed now, as a table in parentheses."""
        # One by one, not as a record: what a question does not name is never worked out.
        figures = "".join(f", (f.figures ->> '{name}')::{_type(name)} AS {name}" for name in self.figures)
        return _KEPT.format(figures=figures, family=self.name)

    def summed(self, depth: "KeptDepth") -> str:
        """Return the sums of the rows by month, as a table in parentheses."""
        named = [*self.kinds, *self.sums, "entries"]
        figures = "".join(f", (f.figures ->> '{name}')::{_type(name)} AS {name}" for name in named)
        return _KEPT.format(figures=figures, family=depth.family_of(self))

    def named(self, figures: Mapping[str, str]) -> dict[str, str]:
        """Return a source's figures over kept rows."""
        names = {_bare(expression): name for name, expression in self.figures.items()}
        return {name: _own_column(each) or f"r.{names[_bare(each)]}" for name, each in figures.items()}

    def left_of(self, extra: str) -> str:
        """Return what is left of a source's condition on its rows."""
        return "true" if extra == self.extra else extra


class KeptDepth(StrEnum):
    """By what the sums of a closed month's rows are told apart: the keys of people, or those of matters."""

    PERSON = "t"
    MATTER = "m"

    def family_of(self, family: Family) -> str:
        """Return the family its sums are kept under."""
        return f"{family.name}@{self.value}"

    @property
    def columns(self) -> frozenset[str]:
        """Return the columns the sums have."""
        own = {"timekeeper_id"} if self is KeptDepth.PERSON else {"matter_id", "payer_id"}
        return frozenset({*own, "currency"})

    @property
    def keys(self) -> frozenset[Dimension]:
        """Return what of the rows' `keys` the sums have."""
        return frozenset({Dimension.ROLE}) if self is KeptDepth.PERSON else _OF_MATTERS


_OF_MATTERS = frozenset(
    {
        Dimension.CLIENT,
        Dimension.COMPANY,
        Dimension.PRACTICE_AREA,
        Dimension.RESPONSIBLE,
        Dimension.ORIGINATING,
        Dimension.GROUP,
        Dimension.BILLING_METHOD,
        Dimension.FEE_EXPENSE,
        Dimension.METHOD,
    }
)


@dataclass(frozen=True, slots=True)
class FrozenSource(DatedSource):
    """A source over the rows closed months kept; what they tell of people or matters comes from the sums of them."""

    family: Family | None = None

    def rows(self, reading: Reading, chosen: ChosenRows, kinds: Mapping[str, str], columns: Mapping[str, str]) -> Piece:
        """Return the rows added up by key, day (the first of the month where sums answer) and kind."""
        depth = self._depth(chosen, kinds, columns) if reading.asks_whole_months() else None
        if depth is None or self.family is None:
            return DatedSource.rows(self, reading, chosen, kinds, columns)
        over = replace(self, table=self.family.summed(depth), entries="sum(r.entries)", family=None)
        return DatedSource.rows(over, reading, chosen, kinds, columns)

    def _depth(self, chosen: ChosenRows, kinds: Mapping[str, str], columns: Mapping[str, str]) -> KeptDepth | None:
        if self.family is None or not self.family.sums:
            return None
        named = " ".join([chosen.joins, chosen.condition, *chosen.keys, *kinds.values(), self.extra])
        keys = set(re.findall(r"r\.keys ->> '(\w+)'", named))
        touched = set(re.findall(r"\br\.(\w+)", named)) - {"firm_id", "firms_currency", "keys", *self.family.kinds}
        if not set(columns.values()) <= {f"r.{name}" for name in self.family.sums}:
            return None
        fitting = (depth for depth in KeptDepth if touched <= depth.columns and keys <= {*map(str, depth.keys)})
        return next(fitting, None)


def _family(
    name: str, *members: DatedSource | ApartSource, called: Mapping[str, str] | None = None, **more: Any
) -> Family:
    """Return the family of sources; the first lends it table, shape and condition.

    called: names for figures by expression, where members mean different things by one name. Raises ValueError where
    they do and nothing is said.
    """
    first, called = members[0], called or {}
    figures: dict[str, str] = {}
    for member in members:
        kinds = member.kinds if isinstance(member, DatedSource) else {}
        for own, expression in {**kinds, **member.columns}.items():
            if not _own_column(expression):
                kept = called.get(_bare(expression), own)
                if _bare(figures.setdefault(kept, expression)) != _bare(expression):
                    raise ValueError(f"{name}: two figures called {kept}")
    added = {name for member in members if isinstance(member, DatedSource) for name in member.columns}
    sums = tuple(name for name in figures if _type(name) == "numeric" and name in added)
    family = Family(name, first.table, first.placed_on, first.shape, figures, first.extra, sums)
    return replace(family, **more)


def _bare(expression: str) -> str:
    return expression[1:-1] if expression.startswith("(r.") and expression.endswith(")") else expression


def _own_column(expression: str) -> str:
    """Return the expression itself where it is a column that every kept row has."""
    return expression if re.fullmatch(rf"r\.({'|'.join(COLUMNS.values())})", expression) else ""


def _type(name: str) -> str:
    return "boolean" if name.startswith(_TRUTHS) else "text" if name in _WORDS else "numeric"


def frozen_shape(shape: RowShape, own: Mapping[Dimension | RowKey, str] | None = None) -> RowShape:
    """Return how kept rows carry the dimensions: as they were when the month was closed.

    What a person may see is tested on the matter as it is today. own: what is told otherwise.
    """
    carried: dict[Dimension | RowKey, str] = {RowKey.ID: "r.row_id", RowKey.PART: "r.row_part"}
    for dimension in KEYS:
        text = f"(r.keys ->> '{dimension.value}')"
        carried[dimension] = text if key_type(dimension) == "text" else f"{text}::bigint"
    for dimension, column in COLUMNS.items():
        if not shape.expression(dimension).startswith("NULL"):
            carried[dimension] = f"r.{column}"
    return RowShape(
        timekeeper=shape.timekeeper and "r.timekeeper_id",
        matter=shape.matter and "r.matter_id",
        payer=shape.payer and "r.payer_id",
        currency=shape.currency and ("r.currency" if shape.currency.startswith("r.") else "r.firms_currency"),
        of_matters=shape.of_matters,
        own={**carried, **(own or {})},
    )


_PAID_DAYS = DatedSource("", "day", columns=profit.PAID_DAYS.columns, shape=profit.PAID_DAYS.shape)
_AVAILABLE_DAYS = DatedSource("", "day", columns={"available": "r.available"}, shape=RowShape(matter="", currency=""))
TIME = _family(
    "time",
    dated.TIME,
    dated.WORKED,
    profit.COSTED,
    profit.MATTERS_WORKED,
    profit.RANKED,
    called={"r.seconds IS NULL": "lacks_hours", "r.value IS NULL": "lacks_value"},
    table=profit.RANKED.table,
    shape=dated.WORKED.shape,
)
PAID_DAYS = _family("paid_days", _PAID_DAYS)
# Read day by day: nobody asks for its sums.
CAPACITY = _family(
    "capacity", _AVAILABLE_DAYS, sums=(), shape=RowShape(matter="", currency="", own=person_months("r.day"))
)
_MEMBERS: Sequence[tuple[Family, Mapping[Source, DatedSource | ApartSource]]] = (
    (
        TIME,
        {
            Source.TIME: dated.TIME,
            Source.WORKED: dated.WORKED,
            Source.COSTED: profit.COSTED,
            Source.MATTERS_WORKED: profit.MATTERS_WORKED,
            Source.RANKED: profit.RANKED,
        },
    ),
    (
        _family("line", dated.BILLED),
        {Source.BILLED: dated.BILLED, Source.MATTERS_BILLED: profit.MATTERS_BILLED},
    ),
    (_family("billed_line", apart.BILLED_LINES), {Source.BILLED_LINES: apart.BILLED_LINES}),
    (_family("interest", dated.INTEREST), {Source.INTEREST: dated.INTEREST}),
    (
        _family("settled", dated.SETTLED, apart.PAYMENTS),
        {
            Source.SETTLED: dated.SETTLED,
            Source.RECEIVED: dated.RECEIVED,
            Source.MATTERS_COLLECTED: profit.MATTERS_COLLECTED,
            Source.PAYMENTS: apart.PAYMENTS,
        },
    ),
    (_family("cohort", dated.COHORT), {Source.COHORT: dated.COHORT}),
    (_family("paid_up", apart.PAID_UP), {Source.PAID_UP: apart.PAID_UP}),
    (_family("work_billed", dated.WORK_BILLED), {Source.WORK_BILLED: dated.WORK_BILLED}),
    (_family("work_collected", dated.WORK_COLLECTED), {Source.WORK_COLLECTED: dated.WORK_COLLECTED}),
    (
        _family("expense", expenses.EXPENSES),
        {Source.EXPENSES: expenses.EXPENSES, Source.MATTERS_SPENT: profit.MATTERS_SPENT},
    ),
    (_family("recovered", expenses.EXPENSES_RECOVERED), {Source.EXPENSES_RECOVERED: expenses.EXPENSES_RECOVERED}),
    (_family("trust", dated.TRUST_MOVED), {Source.TRUST_MOVED: dated.TRUST_MOVED}),
    (_family("opened", matters.MATTERS_OPENED), {Source.MATTERS_OPENED: matters.MATTERS_OPENED}),
    (_family("closed", matters.MATTERS_CLOSED), {Source.MATTERS_CLOSED: matters.MATTERS_CLOSED}),
    (
        _family("closed_fees", matters.CLOSED_MATTERS_FEES),
        {Source.CLOSED_MATTERS_FEES: matters.CLOSED_MATTERS_FEES},
    ),
    (_family("credited", credit.CREDITED), {Source.CREDITED: credit.CREDITED}),
    (_family("credited_billed", credit.CREDITED_BILLED), {Source.CREDITED_BILLED: credit.CREDITED_BILLED}),
    (_family("credited_matters", credit.CREDITED_MATTERS), {Source.CREDITED_MATTERS: credit.CREDITED_MATTERS}),
    (_family("fee_shares", credit.FEE_SHARES), {Source.FEE_SHARES: credit.FEE_SHARES}),
    (PAID_DAYS, {Source.PAID_DAYS: _PAID_DAYS}),
)
TARGETS = Family(
    kept_plan.TARGETS,
    "",
    "month",
    plan_to_keep.OF_TARGET,
    {"measure": "r.measure", "amount": "r.amount"},
)
WORKDAYS = Family(kept_plan.WORKDAYS, "", "day", plan_to_keep.OF_WORKDAY)
FAMILIES: tuple[Family, ...] = (*(family for family, _ in _MEMBERS), CAPACITY, TARGETS, WORKDAYS)
SUMMED = tuple((family, depth) for family in FAMILIES if family.sums for depth in KeptDepth)
_OWN: Mapping[Source, Mapping[Dimension | RowKey, str]] = {
    Source.PAYMENTS: {RowKey.ID: "r.payment_id::bigint", RowKey.PART: "NULL::text"},
}


def _plain(live: DatedSource | ApartSource) -> DatedSource | ApartSource:
    """Return the source without what its class knows of the ledger's own rows."""
    if isinstance(live, ApartSource):
        return live
    return DatedSource(**{each.name: getattr(live, each.name) for each in fields(DatedSource)})


def _over_kept(source: Source, live: DatedSource | ApartSource, family: Family) -> DatedSource | ApartSource:
    over = replace(
        _plain(live),
        table=family.kept(),
        placed_on="placed_on",
        columns=family.named(live.columns),
        shape=frozen_shape(live.shape, _OWN.get(source)),
        extra=family.left_of(live.extra),
        by_bill=None,
    )
    if isinstance(over, ApartSource):
        return over
    plain = replace(over, kinds=family.named(over.kinds), facts=None)
    return FrozenSource(**{each.name: getattr(plain, each.name) for each in fields(DatedSource)}, family=family)


def _of_capacity(live: capacity.CapacitySource) -> capacity.CapacitySource:
    work = _over_kept(Source.TIME, dated.TIME, TIME)
    if not isinstance(work, DatedSource):
        raise TypeError("entries are dated rows")
    return replace(
        live,
        hours=frozen_shape(live.hours, person_months("r.placed_on")),
        people=frozen_shape(live.people, person_months("d.day")),
        work=work,
        by_day=_AVAILABLE.format(kept=CAPACITY.kept()),
    )


# The hours of entries whose people have targets: as live, over kept entries.
_KEPT_WORK = """(SELECT x.*, x.placed_on AS day FROM {kept} x
          WHERE x.placed_on BETWEEN {{first}} AND {{last}} AND x.work_class = ANY(%(billable_classes)s::text[]))"""
# New matters under who originated them at the close.
_BROUGHT_BY: Mapping[Dimension | RowKey, str] = {Dimension.TIMEKEEPER: "(r.keys ->> 'originating')::bigint"}


def _of_target_hours(live: plan.TargetHoursSource) -> plan.TargetHoursSource:
    return replace(
        live,
        hours=frozen_shape(live.hours, {RowKey.ID: "r.timekeeper_id", RowKey.PART: "NULL::text"}),
        shape=replace(live.shape, own={**(live.shape.own or {}), Dimension.ROLE: "r.role"}),
        work=_KEPT_WORK.format(kept=TIME.kept()),
    )


def _of_subjects(live: planned.SubjectSource, source: Source) -> planned.SubjectSource:
    """Return what was done by whom targets are about, over what was kept of it."""
    over = _ADDED_UP[source]
    if not isinstance(over, DatedSource):
        raise TypeError("what is planned is dated")
    brought = source is Source.MATTERS_OPENED
    shape = replace(over.shape, own={**(over.shape.own or {}), **_BROUGHT_BY}) if brought else over.shape
    return replace(live, base=replace(over, shape=shape))


_ADDED_UP: Mapping[Source, DatedSource | ApartSource] = {
    source: _over_kept(source, live, family) for family, members in _MEMBERS for source, live in members.items()
}
_DONE: Mapping[Source, tuple[planned.SubjectSource, Source]] = {
    Source.PLAN_TIME: (planned.PLAN_TIME, Source.TIME),
    Source.PLAN_BILLED: (planned.PLAN_BILLED, Source.BILLED),
    Source.PLAN_COLLECTED: (planned.PLAN_COLLECTED, Source.SETTLED),
    Source.MATTERS_BROUGHT: (planned.MATTERS_BROUGHT, Source.MATTERS_OPENED),
    Source.PLANNED_TIME: (planned.PLANNED_TIME, Source.TIME),
    Source.PLANNED_BILLED: (planned.PLANNED_BILLED, Source.BILLED),
    Source.PLANNED_COLLECTED: (planned.PLANNED_COLLECTED, Source.SETTLED),
    Source.PLANNED_MATTERS: (planned.PLANNED_MATTERS, Source.MATTERS_OPENED),
}
OF_TARGETS = frozenset(
    {Source.PLAN, Source.TARGET_HOURS, *(source for source, (live, _) in _DONE.items() if live.is_planned)}
)
"""The sources that read targets: closes made before targets were kept have nothing to tell of them."""

FROZEN: Mapping[Source, Readable] = {
    **_ADDED_UP,
    **{source: _of_subjects(live, of) for source, (live, of) in _DONE.items()},
    Source.PLAN: plan.PLAN,
    Source.TARGET_HOURS: _of_target_hours(plan.TARGET_HOURS),
    Source.CAPACITY: _of_capacity(capacity.CAPACITY),
    Source.UNTRACKED: _of_capacity(capacity.UNTRACKED),
}
"""The sources whose rows closed months keep, over what was kept."""
_FAMILY: Mapping[Source, str] = {source: family.name for family, members in _MEMBERS for source in members}
FAMILY_OF: Mapping[Source, str] = {
    **_FAMILY,
    **{source: _FAMILY[of] for source, (_, of) in _DONE.items()},
    Source.PLAN: TARGETS.name,
    Source.TARGET_HOURS: TIME.name,
    Source.CAPACITY: TIME.name,
    Source.UNTRACKED: TIME.name,
}
"""Where the rows behind a source's figures are kept, by their ids."""
