"""Billing as a Django app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.billing"

    def ready(self) -> None:
        """Make jobs, receivers and routes known to every process."""
        from apps.billing import handlers, tasks  # noqa: F401
        from apps.billing.api.permissions import PERMISSIONS
        from apps.billing.models import Subscription
        from apps.core.firm_pages import firm_pages
        from apps.core.firm_rows import erase_rows, export_rows
        from apps.core.permissions import table
        from apps.core.registries import firm_erasers, firm_exporters

        table.register(PERMISSIONS)
        firm_pages.add("billing-page", "Plan")
        firm_exporters.add("billing.subscription", export_rows(Subscription))
        firm_erasers.add("billing.subscription", erase_rows(Subscription))
