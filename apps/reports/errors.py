"""Expected errors of this app."""

from collections.abc import Sequence
from typing import ClassVar

from apps.core.errors import (
    Conflict,
    FieldFault,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotFound,
    PreconditionFailed,
)


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


class MetricNotPermitted(NotAllowed):
    """A metric needs an extra permission that the reader does not hold. `needs` names them."""

    code = "reports.metric_not_permitted"
    title = "This figure needs a further permission"

    def __init__(self, metric: str, title: str, needs: Sequence[str]) -> None:
        detail = f"{title} ({metric}) needs the permission {' and '.join(needs)}."
        faults = [{"pointer": "/metrics", "detail": detail, "code": f"needs_{need}"} for need in needs]
        super().__init__(detail, errors=faults, needs=list(needs))


class ReportNotValid(InvalidInput):
    """A report that somebody declares names what is not there, or what does not fit together."""

    code = "reports.report_not_valid"
    title = "The report cannot be kept"


class NotYourReport(NotAllowed):
    """A report that somebody else shares is changed by its owner, or by an owner or admin of the firm."""

    code = "reports.not_your_report"
    title = "This report is somebody else's"


class ReportChanged(PreconditionFailed):
    """Somebody changed the report since it was read: `If-Match` names a version that is not there any more."""

    code = "reports.report_changed"
    title = "The report was changed in the meantime"


class TooManyReports(LimitReached):
    """The firm keeps as many reports as it may."""

    code = "reports.too_many_reports"
    title = "There are too many reports"


class ReportNotFound(NotFound):
    """The firm has no such report, or it is somebody's own who does not share it."""

    code = "reports.report_not_found"
    title = "There is no such report"


class LeaderboardOff(NotAllowed):
    """The firm wants no ranking of its people, or has only one."""

    code = "reports.leaderboard_off"
    title = "There is no leaderboard in this firm"


class PeopleNotCompared(NotAllowed):
    """The firm does not set its people side by side before whom may not know their names."""

    code = "reports.people_not_compared"
    title = "This firm does not show colleagues' figures person by person"

    def __init__(self, field: str) -> None:
        detail = "Ask for your own figures by filtering by yourself, or for figures of everybody together."
        super().__init__(detail, errors=[{"pointer": f"/{field}", "detail": detail, "code": "people_not_compared"}])


class NoSuchCheck(NotFound):
    """There is no check of this key."""

    code = "reports.no_such_check"
    title = "There is no such check"


class KeptRowNotFound(NotFound):
    """The table of the firm's has no such row."""

    code = "reports.kept_row_not_found"
    title = "There is no such row"


class KeptTableTooLarge(Conflict):
    """A table of the firm's may not hold that many rows."""

    code = "reports.kept_table_too_large"
    title = "The table would become too large"


class KeptRowsNotValid(InvalidInput):
    """Rows for a table of the firm's are not valid; nothing was changed. `errors` says where and what."""

    code = "reports.kept_rows_not_valid"
    title = "The rows are not valid"


class FileNotValid(InvalidInput):
    """A file for a table of the firm's is not valid; nothing was changed. `lines` names line, column and fault."""

    code = "reports.file_not_valid"
    title = "The file has faults"


class SettingsChanged(PreconditionFailed):
    """Somebody changed it since it was read: `If-Match` names a version that is not there any more."""

    code = "reports.settings_changed"
    title = "Somebody else changed this meanwhile"


class RecordsNotPermitted(NotAllowed):
    """An API key that reads figures only asks for what are single records."""

    code = "reports.records_not_permitted"
    title = "This question shows single records"

    def __init__(self, field: str, what: str) -> None:
        detail = f"{what} shows single records: the API key needs `records` besides `figures`."
        super().__init__(detail, errors=[{"pointer": f"/{field}", "detail": detail, "code": "needs_records"}])


class SnapshotNotPossible(Conflict):
    """Nothing can be kept of today: the first sync is not over, Clio's data are too old, or the ledger is changing."""

    code = "reports.snapshot_not_possible"
    title = "There is no snapshot to be taken now"

    _WHY: ClassVar = {
        "loading": "The first sync with Clio is not over.",
        "stale": "The data from Clio are more than six hours old.",
        "busy": "The numbers are being rebuilt; ask again in a moment.",
    }

    def __init__(self, why: str) -> None:
        super().__init__(self._WHY[why], why=why)


class MonthNotClosable(Conflict):
    """The month is not over, or there is nothing to close it from yet."""

    code = "reports.month_not_closable"
    title = "The month cannot be closed now"


class MonthAlreadyClosed(Conflict):
    """The month is closed; reopen it first."""

    code = "reports.month_already_closed"
    title = "The month is closed already"


class MonthNotClosed(Conflict):
    """The closing was undone already."""

    code = "reports.month_not_closed"
    title = "The month was reopened already"


class MonthsOpen(Conflict):
    """Figures as reported are of closed months. `open_months` names those of the period that are open."""

    code = "reports.months_open"
    title = "Not every month of the period is closed"

    def __init__(self, months: Sequence[str]) -> None:
        super().__init__(f"These months are open: {', '.join(months)}.", open_months=list(months))


class CloseNotFound(NotFound):
    """The firm has no such closing."""

    code = "reports.close_not_found"
    title = "There is no such closing"
