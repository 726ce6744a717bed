"""Show how firms' mirrors of Clio are: `manage.py sync_status`, or one in full with `--firm olive@example.com`."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.accounts import interface as accounts
from apps.clio.management.find_firm import find_firm
from apps.clio.management.health_table import firm_in_full, firms_in_short, print_health
from apps.clio.queries.connections import list_connected_firms
from apps.clio.services.describe_health import describe_health
from apps.core.tenancy import tenant

_NOT_WELL = 1


class Command(BaseCommand):
    """Print the health of one firm or of all."""

    help = (
        "Show whether firms' numbers are what Clio has: age, records, drift, what Clio hides, webhooks, and what to "
        "do. Exit codes: 0 all is well, 1 something is seriously not, 2 no such firm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the firm and the form."""
        parser.add_argument("--firm", default="", help="public id, or the email address of a member of one firm")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, print, and end with a code that tells a script how it is."""
        firms = [find_firm(options["firm"])] if options["firm"] else list_connected_firms()
        now = timezone.now()
        found = [(firm_id, describe_health(firm_id=firm_id, now=now)) for firm_id in firms]
        if options["json"]:
            shown = [{"firm_id": firm_id, **asdict(health)} for firm_id, health in found]
            self.stdout.write(json.dumps(shown, default=str, indent=2))
        else:
            named = [(_name(firm_id), health) for firm_id, health in found]
            self._print(firm_in_full(*named[0]) if options["firm"] else firms_in_short(named))
            if not named:
                self.stdout.write("No firm is connected to Clio.")
        if not all(health.is_well for _, health in found):
            sys.exit(_NOT_WELL)

    def _print(self, renderable: object) -> None:
        if sys.stdout.isatty():
            print_health(renderable)
        else:
            print_health(renderable, file=self.stdout, width=140)


def _name(firm_id: int) -> str:
    with tenant(firm_id, read_only=True):
        return accounts.get_firm_profile(firm_id=firm_id).name
