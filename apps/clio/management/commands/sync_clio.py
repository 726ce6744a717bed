"""Sync a firm's mirror: `manage.py sync_clio --firm olive@example.com --inline`, or `--entity bills --record 12`."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from apps.clio.contracts import SyncProgress
from apps.clio.errors import SyncIsRunning
from apps.clio.management.find_firm import find_firm
from apps.clio.management.progress import shown_progress
from apps.clio.queries.syncs import count_mirrored, find_progress
from apps.clio.services.request_sync import request_sync, reread_now
from apps.clio.services.sync_to_end import sync_to_end
from apps.core.errors import (
    DomainError,
    InvalidInput,
    LimitReached,
    RateLimited,
    VendorRejected,
    VendorUnavailable,
)

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
        "Sync one firm's mirror from Clio: what changed, everything, one entity, or single records. Exit codes: 0 done "
        "or enqueued, 2 no such firm, 3 not connected or the connection was revoked, 4 not in the firm's plan, "
        "5 failed, 6 more was asked for than the sync under way reads, 130 interrupted (the next run goes on there)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the firm and the way."""
        parser.add_argument("--firm", required=True, help="public id, or the email address of a member of one firm")
        parser.add_argument("--full", action="store_true", help="read everything again, not only what changed")
        parser.add_argument("--entity", default="", help="read all of this entity again, such as bills")
        parser.add_argument("--record", action="append", default=[], help="read only this record of the entity, by id")
        parser.add_argument("--inline", action="store_true", help="work in this process instead of a worker's")
        parser.add_argument("--follow", action="store_true", help="show the progress until the sync ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, follow, report."""
        firm_id = find_firm(options["firm"])
        if options["record"] and not options["entity"]:
            raise CommandError("Name the entity the records belong to: --entity.", returncode=ExitCode.FAILED)
        with _as_exit_codes():
            if options["record"]:
                self._reread(firm_id, options["entity"], options["record"])
                return
            run_id = request_sync(
                firm_id=firm_id,
                actor_id=None,
                full=options["full"],
                entity=options["entity"],
                wakes_worker=not options["inline"],
            )
        if not (options["inline"] or options["follow"]):
            self.stdout.write(f"Sync {run_id} is enqueued; add --follow to watch it.")
            return
        worker = _work_here(firm_id) if options["inline"] else None
        try:
            ended = self._follow(firm_id, worker)
        except KeyboardInterrupt:
            raise CommandError("Interrupted. The next sync goes on where this one stopped.", returncode=130) from None
        self._report(firm_id, ended)

    def _reread(self, firm_id: int, entity: str, ids: list[str]) -> None:
        told = reread_now(firm_id=firm_id, entity=entity, ids=ids)
        for number in sorted(told.found, key=str):
            self.stdout.write(f"{entity} {number}: up to date")
        for number in sorted(told.gone, key=str):
            self.stdout.write(self.style.WARNING(f"{entity} {number}: no longer in Clio"))
        for number, reason in told.odd.items():
            self.stderr.write(self.style.ERROR(f"{entity} {number}: {reason}"))

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


@contextmanager
def _as_exit_codes() -> Iterator[None]:
    """Turn refusals into a sentence and the code that tells a script which it was."""
    try:
        yield
    except InvalidInput as refusal:
        words = " ".join(fault.detail for fault in refusal.faults) or refusal.detail
        raise CommandError(_sentence(words), returncode=ExitCode.FAILED) from refusal
    except LimitReached as refusal:
        raise CommandError(_sentence(refusal.detail), returncode=ExitCode.NOT_IN_PLAN) from refusal
    except SyncIsRunning as refusal:
        raise CommandError(_sentence(refusal.detail), returncode=ExitCode.RUNNING) from refusal
    except (VendorRejected, VendorUnavailable, RateLimited) as refusal:
        raise CommandError(_sentence(refusal.detail), returncode=ExitCode.FAILED) from refusal
    except DomainError as refusal:
        raise CommandError(_sentence(refusal.detail), returncode=ExitCode.NOT_CONNECTED) from refusal


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _work_here(firm_id: int) -> threading.Thread:
    def work() -> None:
        try:
            sync_to_end(firm_id=firm_id)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work, name="sync", daemon=True)
    thread.start()
    return thread
