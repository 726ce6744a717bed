"""Expected errors of this app."""

from apps.core.errors import Conflict, FieldFault, InvalidInput


class PeriodNotUnderstood(InvalidInput):
    """The period is no preset, no month and no pair of dates, or it cannot be reported on."""

    code = "reports.period_not_understood"
    title = "The period is not understood"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, faults=(FieldFault("/period", detail, "invalid_period"),))


class QuestionNotUnderstood(InvalidInput):
    """A metric, a dimension, a filter or an order is unknown, or they make no sense together."""

    code = "reports.question_not_understood"
    title = "The question cannot be answered"

    def __init__(self, field: str, detail: str, code: str = "invalid") -> None:
        super().__init__(detail, faults=(FieldFault(f"/{field}", detail, code),))


class LedgerKeepsChanging(Conflict):
    """The ledger was exchanged under every attempt to read it as one."""

    code = "reports.ledger_keeps_changing"
    title = "The numbers are being rebuilt; ask again in a moment"
