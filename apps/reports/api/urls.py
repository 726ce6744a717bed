"""Addresses of reports below /api/v1/."""

from django.urls import path

from apps.reports.api import (
    closing_urls,
    consultant_views,
    custom_views,
    explanation_views,
    forecast_views,
    leaderboard_views,
    quality_views,
    report_views,
    settings_urls,
    snapshot_views,
    views,
)

urlpatterns = [
    path("consultant/figures", consultant_views.ClientFirmFiguresView.as_view(), name="consultant-figures"),
    path("metrics", views.MetricsView.as_view(), name="metrics"),
    path("firms/<uuid:firm_id>/query", views.QueryView.as_view(), name="firm-query"),
    path("firms/<uuid:firm_id>/explain", explanation_views.ExplainView.as_view(), name="firm-explain"),
    path("firms/<uuid:firm_id>/data-quality", quality_views.DataQualityView.as_view(), name="firm-data-quality"),
    path(
        "firms/<uuid:firm_id>/data-quality/<str:check>",
        quality_views.WorklistView.as_view(),
        name="firm-data-quality-check",
    ),
    path("firms/<uuid:firm_id>/forecast", forecast_views.ForecastView.as_view(), name="firm-forecast"),
    path("firms/<uuid:firm_id>/leaderboard", leaderboard_views.LeaderboardView.as_view(), name="firm-leaderboard"),
    path("firms/<uuid:firm_id>/reports/overview", views.OverviewView.as_view(), name="firm-overview"),
    path("firms/<uuid:firm_id>/reports", report_views.ReportsView.as_view(), name="firm-reports"),
    path("firms/<uuid:firm_id>/custom-reports", custom_views.CustomReportsView.as_view(), name="custom-reports"),
    path(
        "firms/<uuid:firm_id>/custom-reports/<uuid:report_id>",
        custom_views.CustomReportView.as_view(),
        name="custom-report",
    ),
    path(
        "firms/<uuid:firm_id>/custom-reports/<uuid:report_id>/versions",
        custom_views.CustomReportVersionsView.as_view(),
        name="custom-report-versions",
    ),
    path(
        "firms/<uuid:firm_id>/custom-reports/<uuid:report_id>/answer",
        custom_views.CustomReportAnswerView.as_view(),
        name="custom-report-answer",
    ),
    path("firms/<uuid:firm_id>/reports/<slug:report_key>", report_views.ReportView.as_view(), name="firm-report"),
    path("firms/<uuid:firm_id>/snapshots", snapshot_views.SnapshotsView.as_view(), name="firm-snapshots"),
    *settings_urls.urlpatterns,
    *closing_urls.urlpatterns,
]
