"""Rows of the ledger added up within a bill: which questions they answer as the ledger's own rows do.

A question by bill or by payment needs every bill, but none of its lines. What is added up is the same columns under the
same names, so that a source reads them by the very expressions it reads the ledger by.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from apps.reports.queries.sources.facts import Depth

# Only expenses are told apart by these: work has as many categories as it has lines.
_OF_EXPENSES = frozenset({"category_id", "cost_kind"})
_EXPENSES_ONLY = "r.item = 'expense'"


@dataclass(frozen=True, slots=True)
class ByBill:
    """A table of such rows and the rows it is made of. keys: what tells them apart; sums: what is added up.

    Every sum may be multiplied by what keys say, and by nothing else.
    """

    table: str
    rows: str
    placed_on: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]

    def depth_for(self, named: str, kinds: Collection[str], columns: Collection[str], extra: str) -> Depth | None:
        """Return how deep a question goes that they answer, or None where they do not know enough.

        named: SQL of joins, keys and conditions. kinds, columns: expressions. extra: the source's own condition.
        """
        touched = _columns_of([named, extra, *kinds]) - {"firm_id"}
        known = {*self.keys, "timekeeper_id", "is_alone"}
        if not touched <= known or not _columns_of(columns) <= known | set(self.sums):
            return None
        if touched & _OF_EXPENSES and _EXPENSES_ONLY not in named:
            return None
        return Depth.BOTH if "timekeeper_id" in touched else Depth.MATTER

    def has_rows_alone(self, keys: Collection[str], depth: Depth) -> bool:
        """Tell whether a row that is alone in its bill, or in its bill and person, is alone under these keys too."""
        of_one_bill = not {"r.bill_id", "r.allocation_id"}.isdisjoint(keys)
        return of_one_bill and (depth is not Depth.BOTH or "r.timekeeper_id" in keys)


def _columns_of(parts: Collection[str]) -> set[str]:
    return set(re.findall(r"\br\.(\w+)", " ".join(parts)))


_OF_BOTH = (
    "bill_id",
    "item",
    "is_hourly",
    "category_id",
    "cost_kind",
    "issued_on",
    "matter_id",
    "payer_id",
    "currency",
)
_MONEY = ("net", "tax", "secondary_tax")
LINES_OF_BILL = ByBill(
    table="reports_bill_lines",
    rows="reports_line",
    placed_on="issued_on",
    keys=(*_OF_BOTH, "is_no_charge", "billing_method"),
    sums=(*_MONEY, "hours", "line_discount", "bill_discount"),
)
MONEY_OF_BILL = ByBill(
    table="reports_bill_money",
    rows="reports_settle",
    placed_on="settled_on",
    keys=(*_OF_BOTH, "allocation_id", "payment_id", "kind", "method", "settled_on"),
    sums=_MONEY,
)
ALL_BY_BILL = (LINES_OF_BILL, MONEY_OF_BILL)
