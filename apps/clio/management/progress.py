"""Show a running sync: bars at a terminal, lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn
from rich.text import Text

from apps.clio.contracts import EntityProgress, SyncProgress

Show = Callable[[SyncProgress], None]
_LINE_EVERY_SECONDS = 5.0


@contextmanager
def shown_progress(out: OutputWrapper | TextIO) -> Iterator[Show]:
    """Give a function that shows a run's present state each time it is called."""
    if sys.stdout.isatty():
        with Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("[bold]{task.description:<17}"),
            BarColumn(bar_width=32),
            _Counts(),
            _Pace(),
            console=Console(),
        ) as bars:
            yield _Bars(bars)
    else:
        yield _Lines(out)


class _Counts(ProgressColumn):
    def render(self, task: Task) -> Text:
        total = f"{int(task.total):,}" if task.total is not None else "?"
        return Text(f"{int(task.completed):>11,} / {total:<11}", style="cyan")


class _Pace(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(str(task.fields.get("pace", "")), style="dim")


class _Bars:
    """One bar per entity; it appears when its reading begins."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, progress: SyncProgress) -> None:
        for entity in progress.entities:
            if entity.started_at is None:
                continue
            if entity.entity not in self._tasks:
                self._tasks[entity.entity] = self._bars.add_task(entity.entity.replace("_", " "), total=None)
            total = entity.records if entity.state == "done" else entity.expected
            self._bars.update(
                self._tasks[entity.entity], completed=entity.records, total=total or None, pace=_pace(entity, progress)
            )


class _Lines:
    """A line when an entity is done, and one every few seconds between."""

    def __init__(self, out: OutputWrapper | TextIO) -> None:
        self._out = out
        self._told: set[str] = set()
        self._told_at = time.monotonic()

    def __call__(self, progress: SyncProgress) -> None:
        for entity in progress.entities:
            if entity.state in ("done", "refused") and entity.entity not in self._told:
                self._told.add(entity.entity)
                self._say(entity, progress)
            elif entity.state == "running" and time.monotonic() - self._told_at > _LINE_EVERY_SECONDS:
                self._say(entity, progress)

    def _say(self, entity: EntityProgress, progress: SyncProgress) -> None:
        self._told_at = time.monotonic()
        expected = f" of {entity.expected:,}" if entity.expected is not None else ""
        self._out.write(f"{entity.entity}: {entity.records:,}{expected} {_pace(entity, progress)}".rstrip() + "\n")


def _pace(entity: EntityProgress, progress: SyncProgress) -> str:
    if entity.state == "refused":
        return f"not read: {entity.detail}"
    words = [f"{entity.records_per_second:,.0f}/s"] if entity.records_per_second else []
    if entity.state == "running" and entity.eta_seconds is not None:
        words.append(f"about {_duration(entity.eta_seconds)} left")
    if entity.state == "running" and progress.goes_on_at is not None:
        words.append(progress.detail or "waiting for Clio's next minute")
    return ", ".join(words)


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 90 else f"{round(seconds / 60)} min"
