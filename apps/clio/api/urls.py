"""Addresses of the clio app's API."""

from django.urls import path

from apps.clio.api.views import ConnectionView, SyncView

urlpatterns = [
    path("firms/<uuid:firm_id>/clio/connection", ConnectionView.as_view(), name="firm-clio-connection"),
    path("firms/<uuid:firm_id>/clio/sync", SyncView.as_view(), name="firm-clio-sync"),
]
