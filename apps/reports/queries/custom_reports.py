"""The reports people of a firm made, as one of them may see them."""

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.reports.models import CustomReport, CustomReportVersion


def list_custom_reports(*, firm_id: int, user_id: int) -> QuerySet[CustomReport]:
    """Return one's own reports and those the firm shares, by title."""
    visible = Q(owner_id=user_id) | Q(is_shared=True)
    return CustomReport.objects.filter(visible, firm_id=firm_id).select_related("owner").order_by("title", "id")


def find_custom_report(*, firm_id: int, user_id: int, public_id: UUID) -> CustomReport | None:
    """Return a report that is one's own or shared, or None."""
    return list_custom_reports(firm_id=firm_id, user_id=user_id).filter(public_id=public_id).first()


def list_versions(report: CustomReport) -> QuerySet[CustomReportVersion]:
    """Return what a report was, the newest first."""
    versions = CustomReportVersion.objects.filter(firm_id=report.firm_id, report=report)
    return versions.select_related("changed_by").order_by("-version")
