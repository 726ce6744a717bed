"""The shared ground as a Django app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        """Make the job entrances, the permission rows and the checks known to every process."""
        from apps.core import checks  # noqa: F401
        from apps.core.jobs import tasks  # noqa: F401
        from apps.core.permissions import PUBLIC, table

        table.register({route: {"GET": PUBLIC} for route in ("healthz", "readyz", "schema", "docs")})
