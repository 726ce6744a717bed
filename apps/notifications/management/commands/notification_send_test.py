"""`manage.py notification_send_test`: send a kind's sample to an address, by the configured vendor."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import DomainError
from apps.notifications.contracts import Channel
from apps.notifications.errors import UnknownKind
from apps.notifications.services.send_test import send_test


class Command(BaseCommand):
    help = "Send one message with its sample data, marked as a test; nothing is recorded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help="a key of the catalogue, such as accounts.welcome")
        parser.add_argument("to", help="a mail address, or a number such as +12125550100")
        parser.add_argument("--channel", choices=[Channel.EMAIL.value, Channel.SMS.value], default=Channel.EMAIL.value)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendor_message_id = send_test(kind=options["kind"], channel=Channel(options["channel"]), to=options["to"])
        except UnknownKind as error:
            raise CommandError(f"There is no kind {error}.") from error
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"Sent. The vendor calls it {vendor_message_id or 'nothing: it is in the local outbox'}.")
