"""Reports as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"

    def ready(self) -> None:
        """Make the jobs, the receivers, the permission rows and the eraser known to every process."""
        from apps.core.firm_pages import firm_pages
        from apps.core.firm_rows import erase_rows, export_rows
        from apps.core.permissions import table
        from apps.core.registries import books_erasers, firm_erasers, firm_exporters, main_users
        from apps.reports import handlers, tasks  # noqa: F401
        from apps.reports.api.permissions import PERMISSIONS
        from apps.reports.api.settings_permissions import PERMISSIONS as SETTINGS_PERMISSIONS
        from apps.reports.models import (
            KEPT_TABLES,
            SNAPSHOT_TABLES,
            CustomReport,
            CustomReportVersion,
            ForecastWeekKept,
            FrozenRow,
            LedgerCheck,
            PeriodClose,
        )
        from apps.reports.queries.main_users import find_main_user
        from apps.reports.services.erase_ledger import erase_ledger
        from apps.reports.services.put_away_kept_rows import put_away_kept_rows

        table.register(PERMISSIONS)
        table.register(SETTINGS_PERMISSIONS)
        firm_pages.add("overview-page", "Overview")
        main_users.add("reports.merges", find_main_user)
        # Nothing to export: the ledger is made from the mirror, which is exported.
        firm_erasers.add("reports.ledger", erase_ledger)
        books_erasers.add("reports.ledger", erase_ledger)
        books_erasers.add("reports.checks", erase_rows(LedgerCheck))
        books_erasers.add("reports.kept", put_away_kept_rows)
        firm_exporters.add("reports.ledger.check", export_rows(LedgerCheck))
        firm_erasers.add("reports.checks", erase_rows(LedgerCheck))
        for kept in KEPT_TABLES:
            firm_exporters.add(kept._meta.db_table.replace("_", ".", 1), export_rows(kept))
        firm_erasers.add("reports.kept", erase_rows(*KEPT_TABLES))
        for made in (CustomReport, CustomReportVersion):
            firm_exporters.add(made._meta.db_table.replace("_", ".", 1), export_rows(made))
        firm_erasers.add("reports.custom", erase_rows(CustomReportVersion, CustomReport))
        firm_exporters.add("reports.forecast.week", export_rows(ForecastWeekKept))
        firm_erasers.add("reports.forecasts", erase_rows(ForecastWeekKept))
        books_erasers.add("reports.forecasts", erase_rows(ForecastWeekKept))
        for snapshot in SNAPSHOT_TABLES:
            firm_exporters.add(snapshot._meta.db_table.replace("_", ".", 1), export_rows(snapshot))
        # What was known of books that the firm lets go of belongs to them.
        firm_erasers.add("reports.snapshots", erase_rows(*SNAPSHOT_TABLES))
        books_erasers.add("reports.snapshots", erase_rows(*SNAPSHOT_TABLES))
        # Kept rows are of the books they were made from: another Clio account's months are not these.
        for closed in (PeriodClose, FrozenRow):
            firm_exporters.add(f"reports.closes.{closed._meta.model_name}", export_rows(closed))
        firm_erasers.add("reports.closes", erase_rows(FrozenRow, PeriodClose))
        books_erasers.add("reports.closes", erase_rows(FrozenRow, PeriodClose))
