"""Pages of reports."""

from django.urls import path

from apps.reports.pages.overview import overview_page

urlpatterns = [path("overview", overview_page, name="overview-page")]
