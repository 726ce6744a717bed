"""The reports people of a firm made, as one of them may see them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.client_names import shown_made_up_name
from apps.core.scope import Scope
from apps.reports.contracts import Report
from apps.reports.models import CustomReport, CustomReportVersion
from apps.reports.rules.definitions import read_definition


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
    return versions.select_related("changed_by", "report").order_by("-version")


def read_report(
    row: CustomReport, *, scope: Scope, user_id: int, definition: Mapping[str, Any] | None = None, key: str = ""
) -> Report:
    """Return a report as it is declared, in words that its reader may read.

    Words of others may name a client: where the firm hides clients' names, a number stands for the report, places for
    its tables. definition: of an earlier version. key: other than the report's id.
    """
    report = read_definition(definition or row.definition, key=key or str(row.public_id))
    if not scope.hides_client_names or row.owner_id == user_id:
        return report
    named = enumerate(report.tables, start=1)
    return replace(
        report,
        title=shown_made_up_name(scope=scope, what="report", its_id=row.pk, name=report.title),
        question="",
        tables=tuple(replace(table, key=f"table_{place}", title=f"Table {place}") for place, table in named),
    )
