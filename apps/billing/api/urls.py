"""Addresses of billing below /api/v1/."""

from django.urls import path

from apps.billing.api import views

urlpatterns = [
    path("firms/<uuid:firm_id>/billing/subscription", views.SubscriptionView.as_view(), name="firm-subscription"),
]
