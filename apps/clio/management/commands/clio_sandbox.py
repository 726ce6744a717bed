"""Run the local Clio: `manage.py clio_sandbox --seed 7 --timekeepers 12 --years 3`."""

from argparse import Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.clio.sandbox.launch import CannotStart, run
from apps.clio.sandbox.options import add_options


class Command(BaseCommand):
    """Serve an invented law firm through Clio's API until stopped."""

    help = "Serve an invented law firm through Clio's API, for development, demonstrations and tests."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the sandbox's own options."""
        add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or Ctrl-C; exit code 1 with a sentence when it cannot start."""
        try:
            run(Namespace(**options), self._say)
        except CannotStart as problem:
            raise CommandError(str(problem), returncode=1) from problem

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
