"""All standard reports, in the order of their numbers."""

from apps.reports.contracts import Report
from apps.reports.errors import ReportNotFound
from apps.reports.standard import across, balances, billing, cash, closing, elsewhere, matters, work

_DECLARED = (
    *work.REPORTS,
    *billing.REPORTS,
    *balances.REPORTS,
    *cash.REPORTS,
    *matters.REPORTS,
    *across.REPORTS,
    *elsewhere.REPORTS,
    *closing.REPORTS,
)
REPORTS: tuple[Report, ...] = tuple(sorted(_DECLARED, key=lambda report: report.number))
_BY_KEY = {report.key: report for report in REPORTS}


def get_standard_report(key: str) -> Report:
    """Return a standard report by its key. Raises ReportNotFound."""
    if key not in _BY_KEY:
        raise ReportNotFound(f"There is no standard report {key[:60]}; those there are stand under `reports`.")
    return _BY_KEY[key]
