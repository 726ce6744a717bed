"""Reports as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"

    def ready(self) -> None:
        """Make the jobs, the receivers, the permission rows and the eraser known to every process."""
        from apps.core.firm_pages import firm_pages
        from apps.core.permissions import table
        from apps.core.registries import firm_erasers
        from apps.reports import handlers, tasks  # noqa: F401
        from apps.reports.api.permissions import PERMISSIONS
        from apps.reports.services.erase_ledger import erase_ledger

        table.register(PERMISSIONS)
        firm_pages.add("overview-page", "Overview")
        # Nothing to export: the ledger is made from the mirror, which is exported.
        firm_erasers.add("reports.ledger", erase_ledger)
