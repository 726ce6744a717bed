"""Let go of a disconnected firm's Clio account.

`manage.py release_clio_account --firm olive@example.com --operator kim@smarterfirms.com --reason "asked for it" --yes`
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts import interface as accounts
from apps.clio.errors import ClioNotConnected, ClioStillConnected
from apps.clio.management.find_firm import NO_SUCH_FIRM, find_firm
from apps.clio.services.release_account import release_account

_REFUSED, _LONGEST_REASON = 1, 500


class Command(BaseCommand):
    """Remove a firm's mirror and its tie to the account."""

    help = (
        "Remove everything mirrored from a disconnected firm's Clio account, so that another account can be connected "
        "to the firm, or this account to another firm. Members lose their Clio user and their grants, and rows the "
        "firm keeps by Clio's ids are put away. Exit codes: 0 done, 1 refused, 2 no such firm or operator."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the firm, and mean it."""
        parser.add_argument("--firm", required=True, help="public id, or the email address of a member of one firm")
        parser.add_argument("--operator", required=True, help="your address, as a member of our staff")
        parser.add_argument("--reason", required=True, help="who asked for it and why, for the firm's audit trail")
        parser.add_argument("--yes", action="store_true", help="the mirrored records are removed for good")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, remove, and say how much."""
        firm_id, operator_id = find_firm(options["firm"]), accounts.find_staff_id(email=options["operator"])
        if operator_id is None:
            raise CommandError(f"No member of staff has the address {options['operator']}.", returncode=NO_SUCH_FIRM)
        reason = options["reason"].strip()
        if not 0 < len(reason) <= _LONGEST_REASON:
            raise CommandError(f"Give a reason of 1 to {_LONGEST_REASON} characters.", returncode=_REFUSED)
        if not options["yes"]:
            raise CommandError("The firm's mirrored records are removed for good: say --yes.", returncode=_REFUSED)
        try:
            removed = release_account(firm_id=firm_id, operator_id=operator_id, reason=reason)
        except (ClioNotConnected, ClioStillConnected) as refusal:
            raise CommandError(f"{refusal.title}.", returncode=_REFUSED) from refusal
        self.stdout.write(f"Released: {removed:,} rows were removed.")
