"""One seed: a life, quiet, and everything that must hold then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.clio.faithful import books, rest, truth
from tests.clio.faithful.life import Life
from tests.clio.faithful.plan import Step, draw
from tests.clio.faithful.stage import Stage

Say = Callable[[str], None]


@dataclass
class Outcome:
    """What a seed came to: its steps, and what did not hold, after which part."""

    seed: int
    steps: list[Step]
    faults: list[str] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)

    def note(self, part: str, faults: list[str]) -> None:
        self.faults += [f"{part}: {fault}" for fault in faults]


def try_seed(stage: Stage, seed: int, *, length: int, without: frozenset[int], say: Say) -> Outcome:
    """Live through a seed and judge it."""
    outcome = Outcome(seed, [step for number, step in enumerate(draw(seed, length=length)) if number not in without])
    stage.revive()
    deadlocks, life = stage.deadlocks(), Life(stage, seed)
    try:
        for number, step in enumerate(outcome.steps):
            say(f"  {number:>3} {step}")
            life.take(step)
        _judge(life, outcome, say)
        if stage.deadlocks() != deadlocks:
            outcome.note("database", [f"{stage.deadlocks() - deadlocks} deadlocks"])
    except rest.Restless as restless:
        outcome.note("rest", [str(restless)])
    finally:
        life.end()
    return outcome


def _judge(life: Life, outcome: Outcome, say: Say) -> None:
    say("  quiet")
    rest.fall_quiet(life)
    rest.read_changes(life)
    say("  changes are read")
    outcome.note("after changes", _unread_changes(life))
    rest.compare(life)
    say("  everything is compared")
    held = rest.accept_held(life)
    rest.pass_a_night(life)
    say(f"  a night has passed; held were {held}")
    outcome.note("at rest", _faults(life))
    version, life_so_far = _version(life), life.tally()
    say("  everything is read once more, by workers that are killed")
    life.take(Step("sync_all"))
    life.take(Step("pause", {"seconds": 0.3}))
    life.take(Step("kill_child"))
    rest.settle(life, "reading everything again")
    if _version(life) != version:
        outcome.note("read again", [f"version {version} became {_version(life)}", *_changed_since(life, version)])
    outcome.note("read again", _faults(life))
    outcome.counts = {**life_so_far, "held": sum(held.values())}


def _faults(life: Life) -> list[str]:
    found = [fault for entity in truth.ENTITIES for fault in truth.differences(life, entity)]
    found += truth.marks(life)
    found += books.faults_of_trail(life) + books.faults_of_progress(life) + books.faults_of_inbox(life)
    return found + rest.dead_jobs(life) + books.faults_of_figures(life)


def _unread_changes(life: Life) -> list[str]:
    """Where Clio tells changes, every one of them must be here without any comparison: told by its etag."""
    found = []
    for entity in truth.TELLS_CHANGES:
        records, rows = truth.records_of(life, entity), truth.rows_of(life, entity)
        for number, record in records.items():
            row = rows.get(str(number) if entity == "calendar_entries" else number)
            if row is None or row["etag"] != record["etag"]:
                was = "is not here" if row is None else f"is older, of {row['updated_at']}"
                found.append(f"{entity} {number} of {record['updated_at']} {was}")
    return found


def _version(life: Life) -> int:
    (row,) = life.stage.ask("SELECT version FROM clio_mirror_versions WHERE firm_id = %s", life.firm_id)
    return int(row["version"])


def _changed_since(life: Life, version: int) -> list[str]:
    rows = life.stage.ask(
        "SELECT entity, record_id, record_key, columns FROM clio_changes WHERE firm_id = %s AND version > %s LIMIT 12",
        *(life.firm_id, version),
    )
    return [f"changed by reading it again: {dict(row)}" for row in rows]
