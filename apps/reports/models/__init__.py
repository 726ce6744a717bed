"""Tables of reports: the derived ledger, rebuilt from Clio's mirror and never edited."""

from apps.reports.models.money import LedgerBill, LedgerInterest, LedgerLine, LedgerSettlement
from apps.reports.models.people import Employment, LedgerMatter, LedgerName, LedgerPerson
from apps.reports.models.state import LedgerState
from apps.reports.models.work import LedgerExpense, LedgerTime

__all__ = [
    "Employment",
    "LedgerBill",
    "LedgerExpense",
    "LedgerInterest",
    "LedgerLine",
    "LedgerMatter",
    "LedgerName",
    "LedgerPerson",
    "LedgerSettlement",
    "LedgerState",
    "LedgerTime",
]
