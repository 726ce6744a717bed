"""Let the sandbox's firm work: `manage.py clio_sandbox_live --per-minute 120`, until stopped."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.clio.sandbox.levers import FASTEST
from apps.clio.sandbox.live.caller import SandboxAway, SandboxCaller

_PAUSE_SECONDS = 1.0
_DEFAULT = "http://127.0.0.1:8801"


class Command(BaseCommand):
    """Have the firm in a running sandbox enter time, write bills, take payments, and print what happens."""

    help = "Let the firm in a running Clio sandbox work at a pace, and print what happens, until stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the pace and where the sandbox is."""
        parser.add_argument("--per-minute", type=int, default=120, help="acts a minute")
        parser.add_argument("--url", default=_DEFAULT, help=f"address of the sandbox, {_DEFAULT} if not given")
        parser.add_argument("--seconds", type=float, default=0, help="stop by itself after so long; 0: not")
        parser.add_argument("--quiet", action="store_true", help="print only the sum at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until Ctrl-C or the end of the time; the sandbox is at rest afterwards."""
        if not 1 <= options["per_minute"] <= FASTEST:
            raise CommandError(f"--per-minute must be between 1 and {FASTEST:,}.")
        caller = SandboxCaller(options["url"])
        try:
            self._work(caller, options)
        except SandboxAway as problem:
            raise CommandError(str(problem)) from problem

    def _work(self, caller: SandboxCaller, options: dict[str, Any]) -> None:
        seen = begun = caller.last_number()
        caller.set_pace(options["per_minute"])
        self.stdout.write(f"The firm works, {options['per_minute']} acts a minute. Ctrl-C stops it.")
        until = time.monotonic() + options["seconds"] if options["seconds"] else None
        try:
            while until is None or time.monotonic() < until:
                time.sleep(
                    _PAUSE_SECONDS if until is None else min(_PAUSE_SECONDS, max(0.01, until - time.monotonic()))
                )
                seen = self._tell(caller, seen, quiet=options["quiet"])
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            caller.set_pace(0)
        seen = self._tell(caller, seen, quiet=options["quiet"])
        faults = caller.audit()
        books = "the books tie" if not faults else f"{len(faults)} things in the books do not tie: {faults[0]}"
        self.stdout.write(f"{seen - begun:,} things happened; {books}.")

    def _tell(self, caller: SandboxCaller, seen: int, *, quiet: bool) -> int:
        happened = caller.happened(seen)
        if not quiet:
            for each in happened:
                self.stdout.write(f"{each['number']:>7}  {each['act']:<28} {each['record_id']}")
        self.stdout.flush()
        return max([seen, *(int(each["number"]) for each in happened)])
