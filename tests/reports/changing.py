"""Firms whose records change the way a sync finds them changed, trail and all."""

import random
from datetime import date
from typing import Any

from tests.clio.mirror.writing import completed, gone, write
from tests.reports.wild import ENTITIES, Record, WildFirm

LISTS = (
    "groups", "matter_stages", "activity_descriptions", "expense_categories", "bank_accounts", "bank_transactions",
)  # fmt: skip


class ChangingFirm:
    """A wild firm in the mirror; `change` does to it what may happen in Clio between two looks.

    keeps: lists from which nothing is removed.
    """

    def __init__(self, firm: Any, seed: int, bills: int = 40, keeps: tuple[str, ...] = ()) -> None:
        self.keeps = keeps
        self.firm, self.dice = firm, random.Random(f"changes {seed}")
        self.records = WildFirm(seed, bills=bills).records
        self._add_attributes()
        for name in (*ENTITIES, *LISTS):
            if self.records.setdefault(name, []):
                write(firm, name, *self.records[name])
        completed(firm, *ENTITIES, *LISTS)
        self.alive = {name: {each["id"] for each in found} for name, found in self.records.items()}

    def _add_attributes(self) -> None:
        dice = self.dice
        self.records["groups"] = [
            {"id": 61, "name": "Group", "users": [{"id": 11}, {"id": 12}]},
            {"id": 62, "name": "All", "users": [{"id": 11}, {"id": 12}, {"id": 14}]},
        ]
        self.records["matter_stages"] = [{"id": 81, "name": "Intake"}, {"id": 82, "name": "Trial"}]
        self.records["activity_descriptions"] = [{"id": 91, "name": "Draft", "utbms_task_id": 5}]
        self.records["expense_categories"] = [{"id": 95, "name": "Travel"}]
        self.records["bank_accounts"] = [
            {"id": 71, "name": "Trust", "type": "Trust", "balance": 10, "currency": "USD"},
            {"id": 72, "name": "Operating", "type": "Operating", "balance": 0},
        ]
        self.records["bank_transactions"] = [self._movement(number) for number in range(500, 540)]
        for matter in self.records["matters"]:
            matter["account_balances"] = dice.choice([[], [{"id": 1, "type": "Trust", "balance": 12.5}]])
            matter["status"] = dice.choice(["Open", "Closed", "Pending"])
            matter["open_date"] = dice.choice([None, "2024-03-01"])
            matter["matter_stage"] = dice.choice([None, {"id": 81}, {"id": 82}])
            matter["matter_budget"] = dice.choice([None, {"budget": 1200.5, "include_expenses": True}])
            matter["display_number"] = f"M-{matter['id']}"
        for entry in self.records["activities"]:
            entry["activity_description"] = dice.choice([None, {"id": 91}])
            entry["expense_category"] = dice.choice([None, {"id": 95}])

    def _movement(self, number: int) -> Record:
        dice, size = self.dice, self.dice.randint(-90_00, 150_00) / 100
        return {
            "id": number,
            "date": f"2025-{dice.randint(1, 6):02d}-{dice.randint(1, 28):02d}",
            "funds_in": max(size, 0),
            "funds_out": max(-size, 0),
            "bank_account": {"id": dice.choice([71, 71, 72]), "type": "Trust"},
            "matter": dice.choice([None, {"id": 41}, {"id": 42}, {"id": 43}]),
            "client": dice.choice([None, {"id": 31}, {"id": 32}]),
        }

    def change(self, times: int) -> None:
        """Change some records, one after the other, each in a write of its own."""
        for _ in range(times):
            name = self.dice.choice((*ENTITIES, *ENTITIES, *LISTS))
            kind = self.dice.choice([self._edit, self._edit, self._edit, self._add, self._remove, self._bring_back])
            if self.records[name]:
                kind(name)

    def change_walls(self, times: int) -> None:
        """Move matters between groups and people in and out of them; groups, people and matters come and go."""
        for _ in range(times):
            name = self.dice.choice(("groups", "users", "matters"))
            record = self._any(name)
            groups = self.dice.choice([None, [], [{"id": 61}], [{"id": 62}], [{"id": 61}, {"id": 62}]])
            members = [{"id": each} for each in range(11, 16) if self.dice.random() < 0.7]
            changes: dict[str, Record] = {
                "groups": {"users": members},
                "users": {"groups": groups, "enabled": self.dice.random() < 0.7},
                "matters": {"group": self.dice.choice([None, {"id": 61}, {"id": 62}, {"id": 69}])},
            }
            record |= changes[name]
            self._write(name, record)
            self.dice.choice([self._remove, self._bring_back, self._bring_back, self._bring_back])(name)

    def work_on(self, day: date) -> None:
        """Record an entry of a day."""
        entry = dict(self._any("activities")) | {"id": self._new_id(), "date": day.isoformat()}
        self.records["activities"].append(entry)
        self._write("activities", entry)

    def give_up(self, entry_id: int) -> None:
        """Delete an entry, or make it non-billable."""
        if self.dice.random() < 0.5:
            self.alive["activities"].discard(entry_id)
            gone(self.firm, "activities", entry_id)
            return
        (entry,) = [each for each in self.records["activities"] if each["id"] == entry_id]
        entry["non_billable"] = True
        self._write("activities", entry)

    def _edit(self, name: str) -> None:
        """Give a record what another of its kind has."""
        record, other = self._any(name), self._any(name)
        fields = [field for field in other if field != "id"]
        for field in self.dice.sample(fields, min(len(fields), self.dice.choice([1, 1, 2, 4]))):
            record[field] = other[field]
        if record["id"] in self.alive[name]:
            self._write(name, record)

    def _add(self, name: str) -> None:
        record = dict(self._any(name)) | {"id": self._new_id()}
        self.records[name].append(record)
        self._write(name, record)

    def _remove(self, name: str) -> None:
        if self.alive[name] and name not in self.keeps:
            record_id = self.dice.choice(sorted(self.alive[name]))
            self.alive[name].discard(record_id)
            gone(self.firm, name, record_id)

    def _bring_back(self, name: str) -> None:
        missing = [each for each in self.records[name] if each["id"] not in self.alive[name]]
        if missing:
            self._write(name, self.dice.choice(missing))

    def _write(self, name: str, record: Record) -> None:
        self.alive[name].add(record["id"])
        write(self.firm, name, record)

    def _any(self, name: str) -> Record:
        found: Record = self.dice.choice(self.records[name])
        return found

    def _new_id(self) -> int:
        return self.dice.randint(100_000, 10_000_000)
