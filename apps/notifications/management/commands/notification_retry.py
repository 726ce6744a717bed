"""`manage.py notification_retry`: try dead letters again."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.notifications.contracts import Channel
from apps.notifications.services.retry_deliveries import retry_dead_deliveries


class Command(BaseCommand):
    help = "Give messages that were given up their tries again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, help="deliveries by id; none: all that the options leave")
        parser.add_argument("--all", action="store_true", help="every dead letter the other options leave")
        parser.add_argument("--channel", choices=[Channel.EMAIL.value, Channel.SMS.value])
        parser.add_argument("--since-hours", type=float, help="promised in the last so many hours")
        parser.add_argument("--limit", type=int, default=500, help="at most so many, the newest first")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["ids"]) == options["all"]:
            raise CommandError("Name deliveries by id, or say --all.")
        hours = options["since_hours"]
        count = retry_dead_deliveries(
            ids=options["ids"] or None,
            channel=Channel(options["channel"]) if options["channel"] else None,
            since=timezone.now() - timedelta(hours=hours) if hours else None,
            limit=options["limit"],
        )
        self.stdout.write(f"{count} {'message' if count == 1 else 'messages'} will be tried again.")
