"""`manage.py notification_preview accounts.welcome`: write a message with its sample, to look at."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.notifications.errors import UnknownKind
from apps.notifications.services.preview_notification import preview_notification


class Command(BaseCommand):
    help = "Write a kind's message, rendered with its sample, as HTML and as text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the kind and the folder."""
        parser.add_argument("kind", help="a key of the catalogue, such as accounts.welcome")
        parser.add_argument("--folder", type=Path, default=None, help="where to write; var/preview by default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and print their paths."""
        folder = options["folder"] or Path(settings.VAR_DIR, "preview")
        try:
            written = preview_notification(kind=options["kind"], folder=folder)
        except UnknownKind as error:
            raise CommandError(f"There is no kind {error.args[0]}.") from error
        for path in written:
            self.stdout.write(str(path))
