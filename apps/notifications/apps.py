"""Notifications as a Django app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "apps.notifications"

    def ready(self) -> None:
        """Make jobs, routes and the catalogue's proof known to every process."""
        from apps.core.permissions import PUBLIC, table
        from apps.notifications import tasks  # noqa: F401
        from apps.notifications.rendering import checks  # noqa: F401

        # Outside development and test the page answers 404 by itself.
        table.register({"outbox": {"GET": PUBLIC}})
