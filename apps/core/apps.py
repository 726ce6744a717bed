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
        from apps.core.models import AuditEntry, Job, RememberedAnswer
        from apps.core.permissions import PUBLIC, table
        from apps.core.registries import firm_erasers, firm_exporters
        from apps.core.retention import keep

        firm_exporters.add("core.audit_trail", export_rows(AuditEntry))
        firm_erasers.add("core.jobs", erase_rows(Job))
        for status, name, days in (("done", "finished", 14), ("dead", "dead", 90)):
            old = f"status = '{status}' AND finished_at < now() - interval '{days} days'"
            keep(f"core.{name}_jobs", days=days, old=old, model=Job)
        keep(
            "core.remembered_answers",
            days=7,
            old="created_at < now() - interval '7 days'",
            model=RememberedAnswer,
        )
        pre_migrate.connect(grant_rows_to_the_application, sender=self)
        table.register({route: {"GET": PUBLIC} for route in ("healthz", "readyz", "schema", "docs")})
