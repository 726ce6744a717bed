"""`make demo` (all of it, or once) and `make run` (only the processes)."""

import argparse
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console

from smarterfirms.demo import screen
from smarterfirms.demo.books import keep_books
from smarterfirms.demo.person import Owner
from smarterfirms.demo.report import DemoResult, watch_first_numbers, write_report
from smarterfirms.demo.stage import Addresses, raise_curtain, refuse_if_impossible
from smarterfirms.embedded.places import EmbeddedServerFailed
from smarterfirms.processes import ProcessFailed, Supervisor, supervised

BASE = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the demo; every fault a person can mend is one sentence and exit code 1."""
    arguments = _arguments()
    console = Console(highlight=False)
    addresses = Addresses(int(os.environ.get("PORT", "8000")), int(os.environ.get("SANDBOX_PORT", "8801")))
    os.environ.update(addresses.environment())
    started = time.monotonic()
    try:
        with _only_one(BASE / "var"):
            _play(arguments, console, addresses, started)
    except (ProcessFailed, EmbeddedServerFailed) as failure:
        console.print(f"[bold red]The demo stopped.[/] {failure}", soft_wrap=True)
        return 1
    except OSError as error:
        console.print(f"[bold red]The demo stopped.[/] {error.strerror}: {error.filename or BASE}", soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped; every process of the demo has ended. What was synced is kept under var/.")
    return 0


def _play(arguments: argparse.Namespace, console: Console, addresses: Addresses, started: float) -> None:
    refuse_if_impossible(addresses, BASE / "var")
    console.print("[bold]Smarter Firms[/]: a law firm's numbers from its Clio data\n")
    say = screen.steps(console)
    supervisor = Supervisor(folder=BASE, environment=addresses.environment(), logs=BASE / "var" / "log")
    with _servers(), supervised(supervisor):
        say("Preparing the database")
        credentials = _prepare_database()
        raise_curtain(supervisor, addresses, BASE / "var", credentials, say)
        if not arguments.serve_only:
            result = _perform(console, addresses, started)
            screen.show_summary(console, result)
            if arguments.once:
                return
            screen.show_addresses(console, addresses, result.owner)
        else:
            screen.show_processes(console, addresses)
        _stay(supervisor)


def _perform(console: Console, addresses: Addresses, started: float) -> DemoResult:
    say = screen.steps(console)
    owner = Owner(addresses.web, BASE / "var")
    owner.enter()
    fresh = owner.connect_clio()
    say("Connecting the firm to Clio" if fresh else "The firm is connected to Clio: reading what changed")
    if not fresh:
        owner.start_sync()
    result = watch_first_numbers(owner, console, started=started)
    write_report(result, BASE / "var" / "demo.json")
    say("Keeping the firm's books: targets, list prices, costs, shared credit")
    keep_books(owner, today=date.today())  # noqa: DTZ011 - the person's own today
    return result


def _stay(supervisor: Supervisor) -> None:
    while True:
        time.sleep(1)
        supervisor.check()


@contextmanager
def _servers() -> Iterator[None]:
    """Hold the embedded servers, if they are what the settings name, and give them up at the end."""
    from smarterfirms import embedded, settings

    if not settings.USES_EMBEDDED_SERVERS:
        yield
        return
    embedded.ensure(settings.VAR_DIR)
    try:
        yield
    finally:
        embedded.release(settings.VAR_DIR)


def _prepare_database() -> dict[str, str]:
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarterfirms.settings")
    django.setup()
    if not settings.USES_EMBEDDED_SERVERS:
        call_command("prepare_database")
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()
    return {"client_id": settings.CLIO_CLIENT_ID, "client_secret": settings.CLIO_CLIENT_SECRET}


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProcessFailed("A demo of this checkout is running already; stop it with Ctrl-C first.") from None
        yield


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the summary (make demo ONCE=1)")
    parser.add_argument("--serve-only", action="store_true", help="start the processes and nothing else (make run)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
