"""Billing as a Django app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "apps.billing"

    def ready(self) -> None:
        """Make jobs, receivers and routes known to every process."""
        from apps.billing import handlers, tasks  # noqa: F401
        from apps.billing.api.permissions import PERMISSIONS
        from apps.core.permissions import table

        table.register(PERMISSIONS)
