"""Addresses of closed months below /api/v1/."""

from django.urls import path

from apps.reports.api import closing_views as views

_CLOSES = "firms/<uuid:firm_id>/closes"

urlpatterns = [
    path(_CLOSES, views.ClosesView.as_view(), name="firm-closes"),
    path(f"{_CLOSES}/<uuid:close_id>", views.CloseView.as_view(), name="firm-close"),
    path(f"{_CLOSES}/<uuid:close_id>/reopen", views.ReopenView.as_view(), name="firm-close-reopen"),
    path(f"{_CLOSES}/<uuid:close_id>/adjustments", views.AdjustmentsView.as_view(), name="firm-close-adjustments"),
]
