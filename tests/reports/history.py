"""What was seen of records' former values, as clio keeps it, told by a test instead of by syncs."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection

from apps.core.tenancy import tenant


@dataclass(frozen=True)
class Seen:
    """A matter's attribute had a value from the day on it was seen."""

    matter_id: int
    attribute: str
    value: str | None
    on: date


def tell_history(firm_id: int, seen: Iterable[Seen]) -> None:
    """Write what was seen of matters, in order."""
    with tenant(firm_id), connection.cursor() as cursor:
        for minute, each in enumerate(seen):
            at = datetime.combine(each.on, time(8), UTC) + timedelta(seconds=minute)
            cursor.execute(
                "INSERT INTO clio_history (firm_id, entity, record_id, attribute, value, seen_from) "
                "VALUES (%s, 'matters', %s, %s, %s, %s)",
                [firm_id, each.matter_id, each.attribute, each.value, at],
            )


def wild_history(records: dict[str, list[dict[str, Any]]], seed: int) -> list[Seen]:
    """Return a course of stages and budgets for some matters; the records get the last of each."""
    dice, seen = random.Random(f"history {seed}"), []
    for matter in records["matters"]:
        on = date(2024, 3, 1) + timedelta(days=dice.randint(0, 60))
        for place in range(dice.choice([0, 2, 3, 5])):
            stage = dice.choice([None, 81, 82, 83]) if place else dice.choice([81, 82])
            seen.append(Seen(matter["id"], "matter_stage_id", None if stage is None else str(stage), on))
            matter["matter_stage"] = None if stage is None else {"id": stage}
            on += timedelta(days=dice.choice([0, 1, 20, 90]))
        on = date(2024, 3, 1) + timedelta(days=dice.randint(0, 60))
        for _ in range(dice.choice([0, 2, 4])):
            budget = dice.choice([None, 1000, 2500, 4000.5])
            seen.append(Seen(matter["id"], "matter_budget_budget", None if budget is None else str(budget), on))
            matter["matter_budget"] = {"budget": budget, "include_expenses": dice.choice([True, False])}
            on += timedelta(days=dice.choice([0, 15, 120]))
        if matter["matter_budget"]:
            matter["matter_budget"]["notification_threshold"] = dice.choice([None, 50, 80])
    return seen
