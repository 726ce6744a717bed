"""Keep what is known of firms: `manage.py take_snapshot --firm <public id>`, or `--all` for the day that ended."""

from enum import IntEnum
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts.interface import find_firm_id, list_firm_ids
from apps.reports.errors import SnapshotNotPossible
from apps.reports.services.take_snapshot import SnapshotStatus, take_due_snapshot, take_snapshot_now


class ExitCode(IntEnum):
    """What the command ends with; 0 is done."""

    REFUSED = 1
    NO_SUCH_FIRM = 2


class Command(BaseCommand):
    """Take a snapshot of one firm's today, or what is due of every firm."""

    help = (
        "Keep one firm's today as it is known now, or with --all the day that ended last of every firm that lacks it. "
        "Exit codes: 0 done, 1 not possible now, 2 no such firm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the firm, or all."""
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--firm", help="public id")
        whom.add_argument("--all", action="store_true", help="every firm whose day ended and is not kept yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take, and say what came of it."""
        if options["all"]:
            self._take_all()
        else:
            self._take_one(options["firm"])

    def _take_one(self, public_id: str) -> None:
        try:
            firm_id = find_firm_id(public_id=UUID(public_id))
        except ValueError as error:
            raise CommandError(f"{public_id!r} is no id.", returncode=ExitCode.NO_SUCH_FIRM) from error
        if firm_id is None:
            raise CommandError(f"There is no firm {public_id}.", returncode=ExitCode.NO_SUCH_FIRM)
        try:
            outcome = take_snapshot_now(firm_id=firm_id, now=timezone.now())
        except SnapshotNotPossible as refusal:
            raise CommandError(f"{refusal.title}: {refusal}", returncode=ExitCode.REFUSED) from refusal
        self.stdout.write(f"{outcome.day}: {outcome.rows:,} rows are kept.")

    def _take_all(self) -> None:
        outcomes = [take_due_snapshot(firm_id=firm_id, now=timezone.now()) for firm_id in list_firm_ids()]
        for status in SnapshotStatus:
            count = sum(outcome.status is status for outcome in outcomes)
            if count:
                self.stdout.write(f"{status}: {count} firms")
