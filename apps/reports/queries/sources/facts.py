"""Facts: rows of the ledger added up by calendar month and calendar year, and which questions they can answer.

Whole years and months come from facts, the days before and after them from the ledger; both give the same sums,
because facts are made by the very expressions the ledger is read with.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Depth(IntEnum):
    """By what facts tell months apart; the least that a question needs is read.

    The same of whole years have a depth of `OF_YEARS` more, and for their month that of January.
    """

    PERSON = 1
    MATTER = 2
    BOTH = 3


OF_YEARS = len(Depth)

_PERSONS, _MATTERS = frozenset({"timekeeper_id"}), frozenset({"matter_id", "payer_id"})


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of facts, the rows of the ledger it is made of, and its columns by their expressions over such a row `r`.

    kinds: what tells rows of a key apart; columns: what is added up. applied: the condition of the rows. It and columns
    may name `{as_of}`, the day up to which things count; due_on: the column of the row that is compared with it. part:
    which rows may change when entries (`%(activities)s`) and bills (`%(bills)s`) are built anew.
    """

    table: str
    rows: str
    placed_on: str
    kinds: Mapping[str, str]
    columns: Mapping[str, str]
    part: str
    applied: str = "true"
    due_on: str = ""
    has_payer: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the key columns besides depth and month."""
        return ("timekeeper_id", "matter_id", *(("payer_id",) if self.has_payer else ()), "currency")

    def fit(self, named: str, kinds: Collection[str], columns: Iterable[str], extra: str) -> "Fit | None":
        """Return how the facts answer, or None where they do not know enough.

        named: SQL of joins, keys and conditions. kinds, columns: expressions. extra: the source's own condition.
        """
        if self.applied != "true" and not extra.endswith(self.applied):
            return None
        known = {_bare(expression): f"r.{name}" for name, expression in {**self.kinds, **self.columns}.items()}
        plain = {*self.keys, *(name for name, expression in self.kinds.items() if expression == f"r.{name}")}
        # What is told by the keys alone is told by those of a fact too.
        told = [each for each in kinds if _bare(each) not in known]
        found = {each: known.get(_bare(each), "") for each in (*kinds, *columns)} | {each: each for each in told}
        still = extra.removesuffix(self.applied).removesuffix(" AND ") or "true"
        touched = set(re.findall(r"\br\.(\w+)", " ".join([named, still, *told]))) - {"firm_id"}
        if not all(found.values()) or not touched <= plain or "{" in still:
            return None
        depths = [depth for depth, own in ((Depth.PERSON, _PERSONS), (Depth.MATTER, _MATTERS)) if touched & own]
        depth = Depth.BOTH if len(depths) > 1 else depths[0] if depths else Depth.PERSON
        return Fit(self.table, depth, still, found)


@dataclass(frozen=True, slots=True)
class Fit:
    """A question over facts: the table, how deep, what condition is left, and the SQL of every expression over them."""

    table: str
    depth: Depth
    extra: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_months(self) -> str:
        """Return the condition of the facts of months."""
        return f"r.depth = {self.depth.value} AND {self.extra}"

    @property
    def of_years(self) -> str:
        """Return the condition of the facts of years."""
        return f"r.depth = {self.depth.value + OF_YEARS} AND {self.extra}"


def _bare(expression: str) -> str:
    return expression.removeprefix("(").removesuffix(")") if expression.startswith("(r.") else expression


_TAXES = "r.tax + r.secondary_tax"
TIME_FACTS = Facts(
    table="reports_time_facts",
    rows="reports_time",
    placed_on="worked_on",
    kinds={
        "work_class": "r.work_class",
        "is_agreed_fee": "r.is_agreed_fee",
        "lacks_hours": "r.seconds IS NULL",
        "lacks_value": "r.value IS NULL",
        "is_priced": "(r.value IS NOT NULL AND r.standard IS NOT NULL)",
        "lacks_cost": "(r.cost IS NULL)",
    },
    columns={
        "seconds": "r.seconds",
        "dated_seconds": "CASE WHEN r.entered_on IS NOT NULL THEN r.seconds END",
        "late_seconds": "r.seconds * (r.entered_on - r.worked_on)",
        "value": "r.value",
        "standard": "r.standard",
        "billed_value": "CASE WHEN r.billed_on <= {as_of} THEN r.value END",
        "cost": "r.cost",
    },
    part="r.activity_id = ANY(%(activities)s::bigint[])",
    due_on="billed_on",
)
LINE_FACTS = Facts(
    table="reports_line_facts",
    rows="reports_line",
    placed_on="issued_on",
    kinds={
        "item": "r.item",
        "is_no_charge": "r.is_no_charge",
        "is_hourly": "r.is_hourly",
        "lacks_worth": "r.worked IS NULL",
        "billing_method": "r.billing_method",
    },
    columns={
        "net": "r.net",
        "taxes": _TAXES,
        "hours": "r.hours",
        "worked": "r.worked",
        "written_down": "r.worked - r.gross",
        "line_discount": "r.line_discount",
        "bill_discount": "r.bill_discount",
        "waited_for": "CASE WHEN r.worked_on IS NOT NULL THEN r.worked END",
        "worth_days": "r.worked * greatest(r.issued_on - r.worked_on, 0)",
    },
    part="r.bill_id = ANY(%(bills)s::bigint[])",
    has_payer=True,
)
_OF_BILLS_OR_NONE = "(r.bill_id = ANY(%(bills)s::bigint[]) OR r.bill_id IS NULL)"
SETTLE_FACTS = Facts(
    table="reports_settle_facts",
    rows="reports_settle",
    placed_on="settled_on",
    kinds={"item": "r.item", "kind": "r.kind", "method": "r.method", "is_hourly": "r.is_hourly"},
    columns={
        "net": "r.net",
        "taxes": _TAXES,
        "aged": "CASE WHEN r.issued_on IS NOT NULL THEN r.net + r.tax + r.secondary_tax END",
        "money_days": "(r.net + r.tax + r.secondary_tax) * greatest(r.settled_on - r.issued_on, 0)",
    },
    part=_OF_BILLS_OR_NONE,
    has_payer=True,
)
COHORT_FACTS = Facts(
    table="reports_cohort_facts",
    rows="reports_settle",
    placed_on="issued_on",
    kinds={
        "item": "r.item",
        "kind": "r.kind",
        "is_hourly": "r.is_hourly",
        "is_within_90_days": "(r.settled_on <= r.issued_on + 90)",
    },
    columns={"net": "r.net", "taxes": _TAXES},
    part=_OF_BILLS_OR_NONE,
    applied="r.settled_on <= {as_of}",
    due_on="settled_on",
    has_payer=True,
)
# What became of time entries of a known value: their lines and money, under the entry's own timekeeper and matter.
WORK = """(
    SELECT x.firm_id, x.worked_on, t.worked_on AS entry_worked_on, t.timekeeper_id, t.matter_id, x.currency, x.bill_id,
           t.category_id, t.standard IS NOT NULL AS is_priced, {columns}
    FROM {table} x JOIN reports_time t ON t.firm_id = x.firm_id AND t.activity_id = x.activity_id
    WHERE x.activity_id IS NOT NULL AND t.value IS NOT NULL
)"""
# The same day twice: the planner does not carry a range over from one side of a join to the other.
ON_THE_DAY = "r.entry_worked_on BETWEEN {first} AND {last}"
_OF_BILLS_OF_ENTRIES = "(r.bill_id = ANY(%(bills)s::bigint[]) OR r.bill_id = ANY(%(bills_of_entries)s::bigint[]))"
WORK_BILLED_FACTS = Facts(
    table="reports_work_billed_facts",
    rows=WORK.format(table="reports_line", columns="x.issued_on, x.net"),
    placed_on="worked_on",
    kinds={"is_priced": "r.is_priced"},
    columns={"net": "r.net"},
    part=_OF_BILLS_OF_ENTRIES,
    applied=f"r.issued_on <= {{as_of}} AND {ON_THE_DAY}",
    due_on="issued_on",
)
WORK_COLLECTED_FACTS = Facts(
    table="reports_work_collected_facts",
    rows=WORK.format(table="reports_settle", columns="x.settled_on, x.kind, x.net"),
    placed_on="worked_on",
    kinds={"is_priced": "r.is_priced"},
    columns={"net": "r.net"},
    part=_OF_BILLS_OF_ENTRIES,
    applied=f"r.kind = 'payment' AND r.settled_on <= {{as_of}} AND {ON_THE_DAY}",
    due_on="settled_on",
)
ALL_FACTS = (TIME_FACTS, LINE_FACTS, SETTLE_FACTS, COHORT_FACTS, WORK_BILLED_FACTS, WORK_COLLECTED_FACTS)
