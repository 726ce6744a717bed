"""`manage.py notification_preview`: write every message with its sample, and a page to look at them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.notifications.errors import UnknownKind
from apps.notifications.services.preview_notification import preview_all, preview_notification


class Command(BaseCommand):
    help = "Write messages, rendered with their samples, as HTML and as text; without a kind all, and an index page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the kind and the folder."""
        parser.add_argument("kind", nargs="?", help="a key of the catalogue, such as accounts.welcome; all by default")
        parser.add_argument("--folder", type=Path, default=None, help="where to write; var/preview by default")

        parser.add_argument(
            "--files", action="store_true", help="the words of the files, not staff's; needs no database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and print the paths to open."""
        folder = options["folder"] or Path(settings.VAR_DIR, "preview")
        if not options["kind"]:
            self.stdout.write(str(preview_all(folder=folder, files_only=options["files"])))
            return
        try:
            written = preview_notification(kind=options["kind"], folder=folder, files_only=options["files"])
        except UnknownKind as error:
            raise CommandError(f"There is no kind {error.args[0]}.") from error
        for path in written:
            self.stdout.write(str(path))
