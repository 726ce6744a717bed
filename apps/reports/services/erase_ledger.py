"""Remove a firm's ledger."""

from apps.reports import models

_TABLES = (
    models.LedgerTime,
    models.LedgerExpense,
    models.LedgerLine,
    models.LedgerSettlement,
    models.LedgerInterest,
    models.LedgerBill,
    models.LedgerMatter,
    models.Employment,
    models.LedgerPerson,
    models.LedgerName,
    models.LedgerState,
)


def erase_ledger(firm_id: int) -> int:
    """Remove every row of the firm's ledger and return how many went; call it inside the firm's transaction."""
    return sum(table.objects.filter(firm_id=firm_id)._raw_delete("default") for table in _TABLES)
