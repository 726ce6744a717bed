"""Addresses of accounts below /api/v1/."""

from django.urls import path

from apps.accounts.api import entry_urls, firm_urls, views

urlpatterns = [
    *entry_urls.urlpatterns,
    path("me", views.MeView.as_view(), name="me"),
    path("firms", views.FirmsView.as_view(), name="firms"),
    *firm_urls.urlpatterns,
]
