"""Pages of billing."""

from django.urls import path

from apps.billing.pages.subscription import subscription_page

urlpatterns = [path("firm/billing", subscription_page, name="billing-page")]
