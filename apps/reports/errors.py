"""Expected errors of this app."""

from apps.core.errors import Conflict, FieldFault, InvalidInput


class PeriodNotUnderstood(InvalidInput):
    """The period is no preset, no month and no pair of dates, or it cannot be reported on."""

    code = "reports.period_not_understood"
    title = "The period is not understood"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, faults=(FieldFault("/period", detail, "invalid_period"),))


class LedgerKeepsChanging(Conflict):
    """The ledger was exchanged under every attempt to read it as one."""

    code = "reports.ledger_keeps_changing"
    title = "The numbers are being rebuilt; ask again in a moment"
