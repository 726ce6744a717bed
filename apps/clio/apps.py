"""The firm's data, mirrored from Clio, as a Django app."""

from django.apps import AppConfig


class ClioConfig(AppConfig):
    name = "apps.clio"

    def ready(self) -> None:
        """Make the jobs and the permission rows known to every process."""
        from apps.clio import tasks  # noqa: F401
        from apps.clio.api.permissions import PERMISSIONS
        from apps.core.permissions import table

        table.register(PERMISSIONS)
