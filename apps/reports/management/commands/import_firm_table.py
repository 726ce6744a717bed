"""Take a file into a table of a firm: `manage.py import_firm_table cost-rates rates.csv --firm ID --by EMAIL`."""

from enum import IntEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts.interface import find_firm_id, find_user_id, is_administrator
from apps.core.errors import DomainError
from apps.core.tenancy import tenant
from apps.reports.errors import FileNotValid
from apps.reports.rules.kept_tables import TABLES
from apps.reports.services.import_kept_rows import import_rows

_TABLES = {table.slug: table for table in TABLES}
_MOST_SHOWN = 20


class ExitCode(IntEnum):
    """What the command ends with; 0 is done."""

    REFUSED = 1
    NO_SUCH_FIRM = 2
    NOT_AN_ADMINISTRATOR = 3
    NO_FILE = 4


class Command(BaseCommand):
    """Add and replace rows as a CSV file says, all of it or nothing, for an owner or administrator of the firm."""

    help = (
        "Take a CSV file into a table that a firm keeps, in the name of one of its administrators, as the API does. "
        "Exit codes: 0 done, 1 the file has faults, 2 no such firm, 3 not an administrator of it, 4 no such file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the table and the file, whose firm it is, and for whom it is done."""
        parser.add_argument("table", choices=sorted(_TABLES))
        parser.add_argument("file", type=Path, help="CSV in UTF-8; its first line names the columns")
        parser.add_argument("--firm", required=True, help="public id")
        parser.add_argument("--by", required=True, help="address of an owner or administrator, who stands in the trail")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what came of it."""
        firm_id = _firm(options["firm"])
        actor_id = find_user_id(email=options["by"])
        if actor_id is None or not _administers(firm_id, actor_id):
            detail = f"{options['by']} is no owner or administrator of this firm."
            raise CommandError(detail, returncode=ExitCode.NOT_AN_ADMINISTRATOR)
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.", returncode=ExitCode.NO_FILE) from error
        try:
            change = import_rows(
                firm_id=firm_id,
                actor_id=actor_id,
                table=_TABLES[options["table"]],
                content=content,
                is_whole=False,
                is_dry_run=options["dry_run"],
                if_version=None,
                now=timezone.now(),
            )
        except DomainError as refusal:
            raise CommandError(_words_of(refusal), returncode=ExitCode.REFUSED) from refusal
        counts = ", ".join(f"{change.count(what)} {what}" for what in ("added", "changed"))
        self.stdout.write(f"{'Would be: ' if options['dry_run'] else ''}{counts}, {change.unchanged} unchanged.")


def _firm(public_id: str) -> int:
    try:
        firm_id = find_firm_id(public_id=UUID(public_id))
    except ValueError as error:
        raise CommandError(f"{public_id!r} is no id.", returncode=ExitCode.NO_SUCH_FIRM) from error
    if firm_id is None:
        raise CommandError(f"There is no firm {public_id}.", returncode=ExitCode.NO_SUCH_FIRM)
    return firm_id


def _administers(firm_id: int, user_id: int) -> bool:
    with tenant(firm_id, read_only=True):
        return is_administrator(firm_id=firm_id, user_id=user_id)


def _words_of(refusal: DomainError) -> str:
    """Return what is wrong, of a file line by line."""
    lines = refusal.extras.get("lines", ()) if isinstance(refusal, FileNotValid) else ()
    told = [f"line {each['line']}, {each['column'] or 'the whole line'}: {each['detail']}" for each in lines]
    return "\n".join([f"{refusal.title}. {refusal.detail}", *told[:_MOST_SHOWN]])
