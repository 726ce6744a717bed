"""Addresses of the clio app's API."""

from django.urls import path

from apps.clio.api.comparisons import ComparisonsView, ComparisonView
from apps.clio.api.health import HealthView, HeldView
from apps.clio.api.records.urls import record_paths
from apps.clio.api.views import ConnectionView, RegionsView, SyncView

urlpatterns = [
    path("firms/<uuid:firm_id>/clio/regions", RegionsView.as_view(), name="firm-clio-regions"),
    path("firms/<uuid:firm_id>/clio/connection", ConnectionView.as_view(), name="firm-clio-connection"),
    path("firms/<uuid:firm_id>/clio/sync", SyncView.as_view(), name="firm-clio-sync"),
    path("firms/<uuid:firm_id>/clio/health", HealthView.as_view(), name="firm-clio-health"),
    path("firms/<uuid:firm_id>/clio/held", HeldView.as_view(), name="firm-clio-held"),
    path("firms/<uuid:firm_id>/clio/comparisons", ComparisonsView.as_view(), name="firm-clio-comparisons"),
    path(
        "firms/<uuid:firm_id>/clio/comparisons/<int:comparison_id>",
        ComparisonView.as_view(),
        name="firm-clio-comparison",
    ),
    *record_paths,
]
