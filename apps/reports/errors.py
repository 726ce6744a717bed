"""Expected errors of this app."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

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
        super().__init__(_named("period", detail), faults=(FieldFault("/period", detail, "invalid_period"),))


class QuestionNotUnderstood(InvalidInput):
    """A metric, a dimension, a filter or an order is unknown, or they make no sense together.

    detail: a sentence for people of the firm: what is wrong or missing, and what to ask instead.
    """

    code = "reports.question_not_understood"
    title = "The question cannot be answered"

    def __init__(self, field: str, detail: str, code: str = "invalid") -> None:
        super().__init__(_named(field, detail), faults=(FieldFault(f"/{field}", detail, code),))
        self.field, self.words, self.fault_code = field, detail, code

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Return the error under the name that an entrance has for the field."""
        return type(self)(names.get(self.field, self.field), self.words, self.fault_code)


class MetricNotPermitted(NotAllowed):
    """A metric needs an extra permission that the reader does not hold. `needs` names them."""

    code = "reports.metric_not_permitted"
    title = "This figure needs a further permission"

    def __init__(self, metric: str, title: str, needs: Sequence[str], field: str = "metrics") -> None:
        detail = (
            f"{title} ({metric}) needs the permission {' and '.join(needs)}, "
            "which an owner or administrator of the firm grants."
        )
        faults = [{"pointer": f"/{field}", "detail": detail, "code": f"needs_{need}"} for need in needs]
        super().__init__(detail, errors=faults, needs=list(needs))
        self._made_of, self.field = (metric, title, needs), field

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Return the error under the name that an entrance has for the field."""
        return type(self)(*self._made_of, names.get(self.field, self.field))


class ReportNotValid(InvalidInput):
    """A report that somebody declares names what is not there, or what does not fit together."""

    code = "reports.report_not_valid"
    title = "The report cannot be kept"


class NotYourReport(NotAllowed):
    """A report that somebody else shares is changed by its owner, or by an owner or admin of the firm."""

    code = "reports.not_your_report"
    title = "This report is somebody else's"

    def __init__(self) -> None:
        super().__init__("Who made it changes it, or an owner or administrator of the firm. Keep one of your own.")


class ReportChanged(PreconditionFailed):
    """Somebody changed the report since it was read: `If-Match` names a version that is not there any more."""

    code = "reports.report_changed"
    title = "The report was changed in the meantime"

    def __init__(self) -> None:
        super().__init__("Somebody changed the report since you read it. Read it again, then repeat your change.")


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

    _WHY: ClassVar = {
        "switched_off": "The firm has switched it off: an administrator sets `leaderboard_names` in its rules.",
        "too_few_people": "It ranks people side by side, and there is only one whose work you see.",
    }

    def __init__(self, why: str) -> None:
        super().__init__(self._WHY[why], why=why)


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
        "loading": "The first sync with Clio is not over; take one when it is.",
        "stale": "The data from Clio are more than six hours old: look at the connection, or sync now, and ask again.",
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

    def __init__(self) -> None:
        super().__init__("This closing was undone before. Close the month again to have figures of it as reported.")


class MonthsOpen(Conflict):
    """Figures as reported are of closed months. `open_months` names those asked for that are open.

    field: what of the question wants them. wanted_by: that, in words. running: months among them that are not over.
    """

    code = "reports.months_open"
    title = "Not every month that is needed is closed"

    def __init__(self, months: Sequence[str], *, field: str, wanted_by: str, running: Sequence[str] = ()) -> None:
        detail = f"{wanted_by} is told from closed months, and these are open: {', '.join(months)}."
        if running:
            detail += f" {running[0]} is not over: ask for a `period` that ends before it."
        closable = [month for month in months if month not in running]
        if closable:
            detail += f" Close {', '.join(closable)} first, or ask without that."
        fault = {"pointer": f"/{field}", "detail": detail, "code": "months_open"}
        super().__init__(detail, open_months=list(months), errors=[fault])


class CloseNotFound(NotFound):
    """The firm has no such closing."""

    code = "reports.close_not_found"
    title = "There is no such closing"


class MergeUnderWay(Conflict):
    """Users or practice areas were made one, or parted, and the numbers are still being brought up to it."""

    code = "reports.merge_under_way"
    title = "The numbers are being brought up to a change"

    def __init__(self) -> None:
        super().__init__("People or practice areas were merged or parted; ask again in a moment.")


def _named(field: str, detail: str) -> str:
    """Return a sentence that names the field it is about."""
    return detail if f"`{field}" in detail else f"`{field}`: {detail}"
