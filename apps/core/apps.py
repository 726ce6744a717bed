"""The shared ground as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        """Make the job entrances, the permission rows and the checks known to every process."""
        from apps.core import checks  # noqa: F401
        from apps.core.database_owner import grant_rows_to_the_application
        from apps.core.firm_rows import erase_rows, export_rows
        from apps.core.jobs import tasks  # noqa: F401
        from apps.core.models import AuditEntry, Job
        from apps.core.permissions import PUBLIC, table
        from apps.core.registries import firm_erasers, firm_exporters

        firm_exporters.add("core.audit_trail", export_rows(AuditEntry))
        firm_erasers.add("core.jobs", erase_rows(Job))
        pre_migrate.connect(grant_rows_to_the_application, sender=self)
        table.register({route: {"GET": PUBLIC} for route in ("healthz", "readyz", "schema", "docs")})
