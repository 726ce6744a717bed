"""Notifications as a Django app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "apps.notifications"

    def ready(self) -> None:
        """Make jobs, routes and the catalogue's proof known to every process."""
        from apps.core.permissions import PUBLIC, table
        from apps.notifications import tasks  # noqa: F401
        from apps.notifications.api.permissions import PERMISSIONS
        from apps.notifications.rendering import checks  # noqa: F401

        # Outside development and test the page answers 404 by itself.
        table.register({"outbox": {"GET": PUBLIC}})
        # Who holds the link of a mail may refuse such mails; the link is signed.
        table.register(
            {
                "unsubscribe": {"GET": PUBLIC, "POST": PUBLIC},
                "resubscribe": {"POST": PUBLIC},
                "notification-choices": {"GET": PUBLIC, "POST": PUBLIC},
            }
        )
        table.register(PERMISSIONS)
        # Open to vendors, who sign what they send; closed while no secret of theirs is configured.
        vendors = ("mailgun-events", "twilio-status", "twilio-messages")
        table.register({route: {"POST": PUBLIC} for route in vendors})
