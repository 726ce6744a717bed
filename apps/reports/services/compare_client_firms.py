"""Set the firms side by side that let a consultant in: each by its own rows, currency and calendar, never added up."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.interface import FirmProfile, look_across_firms
from apps.core.tenancy import tenant
from apps.reports.contracts import ReportRequest, TableAnswer
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.run_report import run_report
from apps.reports.standard.across import SIDE_BY_SIDE


@dataclass(frozen=True, slots=True)
class FirmFigures:
    """One firm's figures, as far as the consultant may see them there. firm.targets: what it wants to reach."""

    firm: FirmProfile
    figures: TableAnswer


def compare_client_firms(*, user_id: int, period: str, ip: str | None, now: datetime) -> list[FirmFigures]:
    """Return the figures of every firm the person is a consultant of, by name; each firm sees that it was looked at.

    period: in each firm's own calendar and time zone. Raises PeriodNotUnderstood.
    """
    asked, compared = ReportRequest(period=period), []
    for client in look_across_firms(user_id=user_id, what="consultant-figures", ip=ip, now=now):
        with tenant(client.firm.firm_id, read_only=True):
            run = run_report(
                scope=as_merged(client.access.scope),
                report=SIDE_BY_SIDE,
                asked=asked,
                now=now,
                permissions=client.access.permissions,
            )
        compared.append(FirmFigures(client.firm, run.tables[0]))
    return compared
