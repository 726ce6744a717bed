"""Let go of a disconnected firm's Clio account: `manage.py release_clio_account --firm olive@example.com --yes`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.clio.errors import ClioNotConnected, ClioStillConnected
from apps.clio.management.find_firm import find_firm
from apps.clio.services.release_account import release_account

_REFUSED = 1


class Command(BaseCommand):
    """Remove a firm's mirror and its tie to the account."""

    help = (
        "Remove everything mirrored from a disconnected firm's Clio account, so that another account can be connected "
        "to the firm, or this account to another firm. Exit codes: 0 done, 1 refused, 2 no such firm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the firm, and mean it."""
        parser.add_argument("--firm", required=True, help="public id, or the email address of a member of one firm")
        parser.add_argument("--yes", action="store_true", help="the mirrored records are removed for good")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, remove, and say how much."""
        firm_id = find_firm(options["firm"])
        if not options["yes"]:
            raise CommandError("The firm's mirrored records are removed for good: say --yes.", returncode=_REFUSED)
        try:
            removed = release_account(firm_id=firm_id)
        except (ClioNotConnected, ClioStillConnected) as refusal:
            raise CommandError(f"{refusal.title}.", returncode=_REFUSED) from refusal
        self.stdout.write(f"Released: {removed:,} rows were removed.")
