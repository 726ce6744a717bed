"""Keep a report that somebody declared: a new one, or a new version of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.accounts.interface import get_firm_profile
from apps.core import audit
from apps.core.access import Extra
from apps.core.tenancy import tenant
from apps.reports.contracts import FirmCalendar, Report
from apps.reports.errors import NotYourReport, ReportChanged, ReportNotFound, TooManyReports
from apps.reports.models import CustomReport, CustomReportVersion
from apps.reports.rules.definitions import write_definition
from apps.reports.rules.periods import today_in
from apps.reports.services.check_report import check_report

MOST_REPORTS, MOST_VERSIONS = 500, 100


@dataclass(frozen=True, slots=True)
class Author:
    """Who declares a report in a firm. is_administrator: an owner or admin, who may change what others share."""

    firm_id: int
    user_id: int
    permissions: Collection[Extra]
    is_administrator: bool


def create_report(*, author: Author, report: Report, is_shared: bool, now: datetime) -> CustomReport:
    """Keep a new report. Raises ReportNotValid, TooManyReports."""
    with tenant(author.firm_id):
        _check(author, report, now)
        if CustomReport.objects.filter(firm_id=author.firm_id).count() >= MOST_REPORTS:
            raise TooManyReports(f"A firm keeps at most {MOST_REPORTS} reports; remove one first.")
        row = CustomReport.objects.create(
            firm_id=author.firm_id,
            owner_id=author.user_id,
            title=report.title,
            definition=write_definition(report),
            is_shared=is_shared,
            changed_at=now,
        )
        _keep_version(row, author, now)
        _record("reports.custom_report_created", row, author, after=_told(row))
        row.refresh_from_db()  # its public id is the database's
    return row


def change_report(
    *, author: Author, public_id: UUID, report: Report, is_shared: bool, if_version: int | None, now: datetime
) -> CustomReport:
    """Make a report what is given, as its next version; what is the same already stays as it is.

    if_version: the one that was read; None: whatever is there. Raises ReportNotFound, NotYourReport, ReportChanged,
    ReportNotValid.
    """
    with tenant(author.firm_id):
        row = _lock(author, public_id)
        if if_version is not None and if_version != row.version:
            raise ReportChanged
        _check(author, report, now)
        definition = write_definition(report)
        if definition == row.definition and is_shared == row.is_shared:
            return row
        before = _told(row)
        row.title, row.definition, row.is_shared = report.title, definition, is_shared
        row.version, row.changed_at = row.version + 1, now
        row.save(update_fields=["title", "definition", "is_shared", "version", "changed_at"])
        _keep_version(row, author, now)
        _record("reports.custom_report_changed", row, author, before=before, after=_told(row))
    return row


def remove_report(*, author: Author, public_id: UUID) -> None:
    """Remove a report with all its versions. Raises ReportNotFound, NotYourReport."""
    with tenant(author.firm_id):
        row = _lock(author, public_id)
        _record("reports.custom_report_removed", row, author, before=_told(row))
        row.delete()


def _lock(author: Author, public_id: UUID) -> CustomReport:
    row = CustomReport.objects.select_for_update().filter(firm_id=author.firm_id, public_id=public_id).first()
    is_own = row is not None and row.owner_id == author.user_id
    if row is None or not (is_own or row.is_shared):
        raise ReportNotFound
    if not is_own and not author.is_administrator:
        raise NotYourReport
    return row


def _check(author: Author, report: Report, now: datetime) -> None:
    profile = get_firm_profile(firm_id=author.firm_id)
    calendar = FirmCalendar(profile.fiscal_year_start_month, profile.week_starts_on)
    check_report(report, permissions=author.permissions, today=today_in(profile.time_zone, now), calendar=calendar)


def _keep_version(row: CustomReport, author: Author, now: datetime) -> None:
    versions = CustomReportVersion.objects.filter(firm_id=row.firm_id, report=row)
    versions.create(
        firm_id=row.firm_id,
        report=row,
        version=row.version,
        definition=row.definition,
        changed_by_id=author.user_id,
        changed_at=now,
    )
    versions.filter(version__lte=row.version - MOST_VERSIONS).delete()


def _told(row: CustomReport) -> dict[str, object] | None:
    """Return what the trail keeps of a report that others see, also when its versions are gone; None of one's own."""
    return {"title": row.title, "definition": row.definition} if row.is_shared else None


def _record(
    act: str,
    row: CustomReport,
    author: Author,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    sides: dict[str, Any] = {"before": before, "after": after}
    told = {side: words for side, words in sides.items() if words is not None}
    audit.record(
        act,
        firm_id=row.firm_id,
        user_id=author.user_id,
        target=f"custom_report:{row.pk}",
        version=row.version,
        is_shared=row.is_shared,
        owner_id=row.owner_id,
        **told,
    )
