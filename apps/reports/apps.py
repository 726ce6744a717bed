"""Reports as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"

    def ready(self) -> None:
        """Make the jobs, the receivers, the permission rows and the eraser known to every process."""
        from apps.core.firm_pages import firm_pages
        from apps.core.firm_rows import erase_rows, export_rows
        from apps.core.permissions import table
        from apps.core.registries import books_erasers, firm_erasers, firm_exporters
        from apps.reports import handlers, tasks  # noqa: F401
        from apps.reports.api.permissions import PERMISSIONS
        from apps.reports.api.settings_permissions import PERMISSIONS as SETTINGS_PERMISSIONS
        from apps.reports.models import KEPT_TABLES, CustomReport, CustomReportVersion, LedgerCheck
        from apps.reports.services.erase_ledger import erase_ledger

        table.register(PERMISSIONS)
        table.register(SETTINGS_PERMISSIONS)
        firm_pages.add("overview-page", "Overview")
        # Nothing to export: the ledger is made from the mirror, which is exported.
        firm_erasers.add("reports.ledger", erase_ledger)
        books_erasers.add("reports.ledger", erase_ledger)
        firm_exporters.add("reports.ledger.check", export_rows(LedgerCheck))
        firm_erasers.add("reports.checks", erase_rows(LedgerCheck))
        for kept in KEPT_TABLES:
            firm_exporters.add(kept._meta.db_table.replace("_", ".", 1), export_rows(kept))
        firm_erasers.add("reports.kept", erase_rows(*KEPT_TABLES))
        for made in (CustomReport, CustomReportVersion):
            firm_exporters.add(made._meta.db_table.replace("_", ".", 1), export_rows(made))
        firm_erasers.add("reports.custom", erase_rows(CustomReportVersion, CustomReport))
