"""Sync a firm's mirror: `manage.py sync_clio --firm olive@example.com --inline`."""

import threading
import time
from enum import IntEnum
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from apps.accounts import interface as accounts
from apps.clio.contracts import SyncProgress
from apps.clio.errors import SyncIsRunning
from apps.clio.management.progress import shown_progress
from apps.clio.queries.syncs import count_mirrored, find_progress
from apps.clio.services.request_sync import request_sync
from apps.clio.services.sync_to_end import sync_to_end
from apps.core.errors import DomainError, LimitReached

_LOOK_SECONDS = 0.25


class ExitCode(IntEnum):
    """What the command ends with; 0 is a complete sync (or an enqueued one), 130 is Ctrl-C."""

    NO_SUCH_FIRM = 2
    NOT_CONNECTED = 3
    NOT_IN_PLAN = 4
    FAILED = 5
    RUNNING = 6


class Command(BaseCommand):
    """Start a firm's sync and, if asked to, show how it goes."""

    help = (
        "Sync one firm's mirror from Clio. Exit codes: 0 done or enqueued, 2 no such firm, 3 not connected or the "
        "connection was revoked, 4 not in the firm's plan, 5 failed, 6 everything was asked for while a sync reads "
        "only changes, 130 interrupted (the next run goes on from there)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the firm and the way."""
        parser.add_argument("--firm", required=True, help="public id, or the email address of a member of one firm")
        parser.add_argument("--full", action="store_true", help="read everything again, not only what changed")
        parser.add_argument("--inline", action="store_true", help="work in this process instead of a worker's")
        parser.add_argument("--follow", action="store_true", help="show the progress until the sync ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, follow, report."""
        firm_id = _find_firm(options["firm"])
        try:
            run_id = request_sync(
                firm_id=firm_id, actor_id=None, full=options["full"], wakes_worker=not options["inline"]
            )
        except LimitReached as refusal:
            raise CommandError(_sentence(refusal.detail), returncode=ExitCode.NOT_IN_PLAN) from refusal
        except SyncIsRunning as refusal:
            raise CommandError(_sentence(refusal.detail), returncode=ExitCode.RUNNING) from refusal
        except DomainError as refusal:
            raise CommandError(_sentence(refusal.detail), returncode=ExitCode.NOT_CONNECTED) from refusal
        if not (options["inline"] or options["follow"]):
            self.stdout.write(f"Sync {run_id} is enqueued; add --follow to watch it.")
            return
        worker = _work_here(firm_id) if options["inline"] else None
        try:
            ended = self._follow(firm_id, worker)
        except KeyboardInterrupt:
            raise CommandError("Interrupted. The next sync goes on where this one stopped.", returncode=130) from None
        self._report(firm_id, ended)

    def _follow(self, firm_id: int, worker: threading.Thread | None) -> SyncProgress:
        with shown_progress(self.stdout) as show:
            while True:
                has_ended = worker is not None and not worker.is_alive()
                progress = find_progress(firm_id=firm_id)
                if progress is None:
                    raise CommandError("The sync has disappeared.", returncode=ExitCode.FAILED)
                show(progress)
                if progress.finished_at or progress.state == "parked" or has_ended:
                    return progress
                time.sleep(_LOOK_SECONDS)

    def _report(self, firm_id: int, progress: SyncProgress) -> None:
        if progress.state == "parked":
            code = ExitCode.NOT_IN_PLAN if progress.reason == "clio.sync_not_in_plan" else ExitCode.NOT_CONNECTED
            raise CommandError(_sentence(f"The sync is parked: {progress.detail}"), returncode=code)
        if progress.state != "done":
            raise CommandError(_sentence(f"The sync did not end well: {progress.detail}"), returncode=ExitCode.FAILED)
        self._count(count_mirrored(firm_id=firm_id), progress)
        if progress.detail:
            self.stderr.write(self.style.WARNING(progress.detail))

    def _count(self, counts: dict[str, int], progress: SyncProgress) -> None:
        self.stdout.write("")
        for step in progress.entities:
            words = step.entity.replace("_", " ")
            self.stdout.write(f"{words:<18}{counts.get(step.entity, 0):>12,}{step.changed:>12,} changed")
        began = min(each.started_at for each in progress.entities if each.started_at)
        took = (progress.finished_at - began).total_seconds() if progress.finished_at else 0
        rate = progress.records / took if took else 0
        self.stdout.write(f"{'in all':<18}{sum(counts.values()):>12,}")
        self.stdout.write(f"{progress.records:,} records read in {took:,.1f} s: {rate:,.0f} a second.")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _find_firm(text: str) -> int:
    if "@" in text:
        return _find_firm_of_member(text)
    try:
        firm_id = accounts.find_firm_id(public_id=UUID(text))
    except ValueError as error:
        raise CommandError(f"{text!r} is neither an id nor an email.", returncode=ExitCode.NO_SUCH_FIRM) from error
    if firm_id is None:
        raise CommandError(f"There is no firm {text}.", returncode=ExitCode.NO_SUCH_FIRM)
    return firm_id


def _find_firm_of_member(email: str) -> int:
    user_id = accounts.find_user_id(email=email)
    firms = [] if user_id is None else [each.firm for each in accounts.list_memberships(user_id=user_id)]
    if len(firms) == 1:
        return firms[0].firm_id
    listed = ", ".join(f"{firm.name} ({firm.public_id})" for firm in firms)
    reason = f"{email} belongs to several firms; name one: {listed}." if firms else f"{email} belongs to no firm."
    raise CommandError(reason, returncode=ExitCode.NO_SUCH_FIRM)


def _work_here(firm_id: int) -> threading.Thread:
    def work() -> None:
        try:
            sync_to_end(firm_id=firm_id)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work, name="sync", daemon=True)
    thread.start()
    return thread
