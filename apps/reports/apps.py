"""Reports as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"

    def ready(self) -> None:
        """Make the jobs, the receivers and the permission rows known to every process."""
        from apps.core.permissions import table
        from apps.reports import handlers, tasks  # noqa: F401
        from apps.reports.api.permissions import PERMISSIONS

        table.register(PERMISSIONS)
