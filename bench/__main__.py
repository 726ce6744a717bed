"""Measure every figure, write `var/bench.json` and print them beside their targets."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

BASE = Path(__file__).resolve().parents[1]
SUBJECTS = ("sync", "clio", "numbers", "notifications", "accounts")
# Name -> target as printed. A missed target is information.
TARGETS = {
    "sync.records_per_s": ">= 15000",
    "sync.vs_dlt": ">= 5",
    "sync.limit_efficiency": ">= 0.95",
    "sync.growth": "<= 1.15",
    "sync.peak_mb": "<= 250",
    "clio.visible_s": "<= 5",
    "clio.webhooks_per_s": ">= 300",
    "clio.webhook_p99_ms": "<= 50",
    "numbers.overview_ms": "<= 150",
    "numbers.report_ms": "<= 300",
    "numbers.decade_ms": "<= 600",
    "numbers.cached_ms": "<= 10",
    "numbers.rebuild_ms": "<= 300",
    "numbers.vs_duckdb": "<= 1",
    "numbers.vs_sql": "<= 0.5",
    "numbers.growth": "<= 1.5",
    "tenancy.overhead": "<= 1.1",
    "notifications.accepted_per_s": ">= 500",
    "notifications.inbox_ms": "<= 50",
    "accounts.auth_ms": "<= 3",
    "accounts.auth_queries": "<= 2",
}


def main() -> int:
    """Run the subjects named on the command line, or all of them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarterfirms.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    import smarterfirms.celery  # noqa: F401 - makes our Celery application the current one
    from bench.database import database_of_its_own

    figures: dict[str, dict[str, Any]] = {}
    beside: list[tuple[str, str, str]] = []
    for name in sys.argv[1:] or SUBJECTS:
        subject = import_module(f"bench.{name}")
        with database_of_its_own(getattr(subject, "KEPT_AS", "")):
            figures |= subject.run()
            beside += subject.beside() if hasattr(subject, "beside") else []
    _write(figures)
    _show(figures)
    _show_beside(beside)
    return 0


def _write(figures: dict[str, dict[str, Any]]) -> None:
    path = BASE / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    before = json.loads(path.read_text())["figures"] if path.exists() else {}
    path.write_text(json.dumps({"commit": _commit(), "machine": _machine(), "figures": before | figures}, indent=1))


def _show(figures: dict[str, dict[str, Any]]) -> None:
    table = Table("figure", "value", "unit", "target", "n", "median of", "detail")
    for name, figure in figures.items():
        value = f"{figure['value']:,.3g}" if figure["unit"] == "ratio" else f"{figure['value']:,.1f}"
        rest = (str(figure["n"]), str(figure["median_of"]), str(figure["detail"]))
        table.add_row(name, value, figure["unit"], TARGETS.get(name, ""), *rest)
    Console().print(table)


def _show_beside(lines: Iterable[tuple[str, str, str]]) -> None:
    """Print what was measured besides: it has no target and is not written down."""
    table = Table("besides", "time", "detail")
    for line in lines:
        table.add_row(*line)
    if table.row_count:
        Console().print(table)


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=BASE, capture_output=True, text=True, check=False)  # noqa: S607
    return found.stdout.strip()


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
