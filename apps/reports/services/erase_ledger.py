"""Remove a firm's ledger."""

from apps.reports.models import LEDGER_TABLES, LedgerProgress, LedgerState


def erase_ledger(firm_id: int) -> int:
    """Remove every row of the firm's ledger and return how many went; call it inside the firm's transaction."""
    tables = (*LEDGER_TABLES, LedgerProgress, LedgerState)
    return sum(table.objects.filter(firm_id=firm_id)._raw_delete("default") for table in tables)
