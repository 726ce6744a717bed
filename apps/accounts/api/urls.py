"""Addresses of accounts below /api/v1/."""

from django.urls import path

from apps.accounts.api import entry_urls, firm_urls, own_account_urls, views

urlpatterns = [
    *entry_urls.urlpatterns,
    *own_account_urls.urlpatterns,
    path("firms", views.FirmsView.as_view(), name="firms"),
    *firm_urls.urlpatterns,
]
