"""Addresses of reports below /api/v1/."""

from django.urls import path

from apps.reports.api import views

urlpatterns = [
    path("metrics", views.MetricsView.as_view(), name="metrics"),
    path("firms/<uuid:firm_id>/query", views.QueryView.as_view(), name="firm-query"),
    path("firms/<uuid:firm_id>/reports/overview", views.OverviewView.as_view(), name="firm-overview"),
]
