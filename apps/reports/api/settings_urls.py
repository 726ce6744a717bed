"""Addresses of what a firm keeps, below /api/v1/firms/{firm_id}/settings/."""

from django.urls import URLPattern, path

from apps.reports.api import settings_views as views
from apps.reports.contracts.kept import KeptTable
from apps.reports.rules.kept_tables import TABLES

_ROOT = "firms/<uuid:firm_id>/settings"


def _paths(table: KeptTable) -> list[URLPattern]:
    rows, one, file = views.table_views(table)
    address, name = f"{_ROOT}/{table.slug}", f"firm-settings-{table.slug}"
    return [
        path(address, rows.as_view(), name=name),
        path(f"{address}/file", file.as_view(), name=f"{name}-file"),
        path(f"{address}/<int:row_id>", one.as_view(), name=f"{name}-row"),
    ]


urlpatterns = [
    path(f"{_ROOT}/rules", views.RulesView.as_view(), name="firm-settings-rules"),
    path(f"{_ROOT}/tables", views.TablesView.as_view(), name="firm-settings-tables"),
    *[each for table in TABLES for each in _paths(table)],
]
