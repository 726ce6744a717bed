"""What the demo shows at the terminal; without one, the same as plain lines."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.box import SIMPLE_HEAD
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
    as_of = overview["data_as_of"]
    return bool(overview["status"] == "ready" and as_of["ledger_version"] == as_of["mirror_version"])


def show_summary(console: Console, result: "DemoResult") -> None:
    """Print the sync's result and the firm's overview."""
    console.print(
        f"\n[bold green]Synced[/] {result.records_read:,} records in {result.sync_seconds:.1f} s: "
        f"[bold]{result.records_per_second:,.0f} records/s[/] end to end, one worker process. "
        f"{result.records:,} records are mirrored.\n"
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
    table.add_row("Clio sandbox", f"{addresses.sandbox}/")
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


def _figures(result: "DemoResult") -> Table:
    overview = result.overview
    period = overview["period"]
    title = f"{result.firm_name}: {period['starts_on']} to {period['ends_on']}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, show_header=False)
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_column(style="dim")
    table.add_column(justify="right")
    hours, rows = overview["time"], list[tuple[str, str]]()
    rows += [
        ("Recorded hours", _hours(hours["recorded_hours"]["total"])),
        ("  billable", _hours(hours["recorded_hours"]["billable"])),
        ("  non-billable", _hours(hours["recorded_hours"]["non_billable"])),
        ("Available hours", _hours(hours["available_hours"]["total"])),
        ("Utilization", _percent(hours["utilization"]["rate"])),
    ]
    for each in overview["currencies"]:
        rows += _money_rows(each["currency"], each["figures"])
    half = (len(rows) + 1) // 2
    for left, right in zip(rows[:half], [*rows[half:], ("", "")], strict=False):
        table.add_row(*left, *right)
    return table


def _money_rows(currency: str, figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    def money(metric: str, item: str) -> str:
        return f"{Decimal(figures[metric][item]):,.2f} {currency}"

    return [
        ("Billed fees", money("billed", "fees")),
        ("Billed expenses", money("billed", "expenses")),
        ("Realization", _percent(figures["realization"]["rate"])),
        ("Collected", money("collected", "total")),
        ("Collection rate", _percent(figures["collection_rate"]["rate"])),
        ("Work in progress", money("unbilled", "total")),
        ("Receivable", money("receivable", "total")),
        ("  not yet due", money("aging", "current")),
        ("  1 to 30 days past", money("aging", "days_1_30")),
        ("  31 to 60 days", money("aging", "days_31_60")),
        ("  61 to 90 days", money("aging", "days_61_90")),
        ("  over 90 days", money("aging", "days_91_plus")),
    ]


def _months(overview: Mapping[str, Any]) -> Table:
    table = Table(title="Month by month", title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.add_column("month")
    for name in ("billable h", "utilization", "billed", "collected", "realization"):
        table.add_column(name, justify="right")
    for month in overview["months"]:
        money = month["currencies"][0]["figures"] if month["currencies"] else None
        table.add_row(
            month["month"][:7],
            _hours(month["time"]["recorded_hours"]["billable"]),
            _percent(month["time"]["utilization"]["rate"]),
            _whole(money["billed"]["total"]) if money else "-",
            _whole(money["collected"]["total"]) if money else "-",
            _percent(money["realization"]["rate"]) if money else "-",
        )
    return table


def _hours(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}%"


def _whole(value: str) -> str:
    return f"{Decimal(value):,.0f}"
