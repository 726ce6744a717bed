"""Watch the first sync until the numbers are there, and write down what came of it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from smarterfirms.demo import screen
from smarterfirms.demo.person import Owner
from smarterfirms.processes import ProcessFailed

_PATIENCE_SECONDS = 900
OVERVIEW = "reports/overview?period=last_12_months"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo shows: what is mirrored, the last sync's speed, and the overview as the API gave it."""

    owner: Owner
    firm_name: str
    mirrored: Mapping[str, int]
    records_read: int
    sync_seconds: float
    seconds: float
    overview: Mapping[str, Any]

    @property
    def records(self) -> int:
        return sum(self.mirrored.values())

    @property
    def records_per_second(self) -> float:
        return self.records_read / self.sync_seconds if self.sync_seconds else 0.0


def watch_first_numbers(owner: Owner, console: Console, *, started: float) -> DemoResult:
    """Show the sync entity by entity, then wait for the ledger built from it. Raises ProcessFailed in words."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with screen.SyncProgress(console) as progress:
        while True:
            sync = owner.read("clio/sync")
            run = sync["run"]
            if run is not None:
                progress.show(run["entities"])
                _refuse_failed(run)
            if run is not None and run["state"] == "done" and sync["is_complete"]:
                break
            _wait(deadline, "The sync did not end in time; see var/log/worker.log.")
    overview = _overview_of(owner, sync["data_as_of"], deadline)
    return DemoResult(
        owner=owner,
        firm_name=owner.read("clio/connection")["clio_account_name"],
        mirrored=sync["mirrored"],
        records_read=run["records"],
        sync_seconds=_seconds_between(run["started_at"], run["finished_at"]),
        seconds=time.monotonic() - started,
        overview=overview,
    )


def write_report(result: DemoResult, path: Path) -> None:
    """Write `var/demo.json`; every figure of the overview is a string, as a person would read it."""
    report = {
        "records": result.records,
        "records_per_second": round(result.records_per_second),
        "seconds": round(result.seconds, 1),
        "entities": dict(result.mirrored),
        "overview": _as_strings(result.overview),
    }
    path.write_text(json.dumps(report, indent=1))


def _seconds_between(started_at: str, finished_at: str) -> float:
    """Return the wall-clock time of the run: reading, writing, committing and all waiting."""
    return (datetime.fromisoformat(finished_at) - datetime.fromisoformat(started_at)).total_seconds()


def _refuse_failed(run: Mapping[str, Any]) -> None:
    if run["state"] in ("failed", "parked"):
        raise ProcessFailed(f"The sync stopped: {run['detail'] or run['reason']}. See var/log/worker.log.")


def _overview_of(owner: Owner, data_as_of: str, deadline: float) -> Mapping[str, Any]:
    """Return the overview once the ledger was built from the mirror as it stands."""
    while True:
        overview: Mapping[str, Any] = owner.read(OVERVIEW)
        if screen.is_current(overview):
            return overview
        _wait(deadline, "The figures were not ready in time; see var/log/worker.log.")


def _wait(deadline: float, sentence: str) -> None:
    if time.monotonic() > deadline:
        raise ProcessFailed(sentence)
    time.sleep(0.25)


def _as_strings(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _as_strings(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_strings(inner) for inner in value]
    return value if value is None else str(value)
