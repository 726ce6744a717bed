"""What the demo shows at the terminal; without one, the same as plain lines."""

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from smarterfirms.demo.stage import Addresses

if TYPE_CHECKING:
    from smarterfirms.demo.person import Owner
    from smarterfirms.demo.report import DemoResult


def steps(console: Console) -> Callable[[str], None]:
    """Return what announces the next step."""
    return lambda text: console.print(f"[cyan]•[/] {text}")


class SyncProgress:
    """A bar per entity; where there is no terminal, a line when an entity is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: dict[str, TaskID] = {}
        self._done: set[str] = set()
        self._progress = Progress(
            TextColumn("  {task.description:<18}"),
            BarColumn(bar_width=36),
            MofNCompleteColumn(),
            TextColumn("[dim]{task.fields[speed]}"),
            TimeRemainingColumn(compact=True),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._progress.stop()

    def show(self, entities: Sequence[Mapping[str, Any]]) -> None:
        """Bring the bars to what the API says."""
        for entity in entities:
            name, records = entity["entity"], entity["records"]
            if name not in self._bars:
                self._bars[name] = self._progress.add_task(name.replace("_", " "), total=None, speed="")
            speed = entity["records_per_second"]
            self._progress.update(
                self._bars[name],
                completed=records,
                total=entity["expected"],
                speed=f"{speed:,.0f}/s" if speed else "",
            )
            if entity["state"] == "done" and name not in self._done:
                self._done.add(name)
                if not self._console.is_terminal:
                    self._console.print(f"  {name.replace('_', ' '):<18} {records:>8,} records")


def is_current(overview: Mapping[str, Any]) -> bool:
    """Tell whether the overview's figures were computed from the mirror as it stands."""
    ledger = overview["ledger"]
    if overview["status"] != "ready" or ledger is None:
        return False
    return bool(ledger["mirror_version"] == overview["data_as_of"]["mirror_version"])


def show_summary(console: Console, result: "DemoResult") -> None:
    """Print the sync's result and the firm's overview."""
    console.print(
        f"\n[bold green]Synced[/] {result.records:,} records "
        f"at [bold]{result.records_per_second:,.0f} records/s[/] (reading, writing and waiting, one worker process)\n"
    )
    console.print(_figures(result))
    console.print(_months(result.overview))
    console.print(f"[dim]All of it in {result.seconds:.0f} s; also in var/demo.json[/]")


def show_addresses(console: Console, addresses: Addresses, owner: "Owner") -> None:
    """Print where to go on, and how to stop."""
    table = Table.grid(padding=(0, 2))
    table.add_row("API documentation", f"{addresses.web}/api/docs")
    table.add_row("Mails it sent", f"{addresses.web}/outbox")
    table.add_row("Staff's admin", f"{addresses.web}/admin/  [dim](.venv/bin/python manage.py createsuperuser)[/]")
    table.add_row("Clio sandbox", f"{addresses.sandbox}/sandbox/counts")
    table.add_row("Owner's log-in", f"{owner.email}  {owner.password}")
    console.print(Panel(table, title="Running", title_align="left", border_style="cyan", expand=False))
    console.print("The same figures with curl:\n")
    console.print(owner.curl("reports/overview?period=last_12_months"), soft_wrap=True, markup=False, style="dim")
    console.print("\nCtrl-C stops everything.")


def show_processes(console: Console, addresses: Addresses) -> None:
    """Print what `make run` started."""
    console.print(
        f"\nWeb {addresses.web}   Clio sandbox {addresses.sandbox}   logs var/log/   Ctrl-C stops everything."
    )
