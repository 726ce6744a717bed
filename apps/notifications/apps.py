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
        self._register_firm_rows()

    def _register_firm_rows(self) -> None:
        from apps.core.firm_rows import erase_rows, export_rows
        from apps.core.registries import firm_erasers, firm_exporters, person_erasers
        from apps.notifications.models import Delivery, Notification, OutsideRefusal, ProviderEvent
        from apps.notifications.services.forget_person import forget_person

        sealed = ("sealed_context", "sealed_address")
        ours = ("address_digest", "lease_token", "lease_until")
        firm_exporters.add("notifications.messages", export_rows(Notification, without=sealed))
        firm_exporters.add("notifications.deliveries", export_rows(Delivery, without=ours))
        rows = erase_rows(ProviderEvent, Delivery, Notification, OutsideRefusal)
        firm_erasers.add("notifications.messages", rows)
        person_erasers.add("notifications.messages", forget_person)
