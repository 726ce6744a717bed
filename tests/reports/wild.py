"""A firm full of rare cases: every edge of kpis.md section 8 that these KPIs touch, at random but seeded.

Bills are right or wrong on purpose; the point is that two programs read them alike.
"""

import random
from datetime import date, timedelta
from typing import Any

Record = dict[str, Any]
Records = dict[str, list[Record]]
FIRST, LAST = date(2024, 1, 1), date(2025, 6, 30)
PEOPLE, AREAS, CLIENTS, MATTERS = range(11, 16), (21, 22), range(31, 36), range(41, 51)
UNBILLED_MATTERS = range(51, 55)


class WildFirm:
    """Makes records; `records` holds them by entity."""

    def __init__(self, seed: int, bills: int = 120) -> None:
        self.dice = random.Random(seed)
        # What came later has dice of its own, so that older seeds keep their firms.
        self.later = random.Random(f"later {seed}")
        self.records: Records = {name: [] for name in ENTITIES}
        self._id = 1000
        self._set_up()
        self.entries = [self._entry() for _ in range(bills * 4)]
        for _ in range(bills):
            self._bill()
        for _ in range(5):
            self._allocation(None, self._money(50), self.day(), interest=self.chance(0.6))
        self._add_later_fields()
        self._give_matters_a_course(random.Random(f"matters {seed}"))
        self._sort_entries(random.Random(f"categories {seed}"))
        self._hold_in_trust(random.Random(f"trust {seed}"))
        self._wall_off(random.Random(f"walls {seed}"))
        self._tell_currencies(random.Random(f"currencies {seed}"))
        self._put_into_companies(random.Random(f"companies {seed}"))

    def _add_later_fields(self) -> None:
        """Give people rates, entries the day they were made, and payments a way they came; some share a payment."""
        dice = self.later
        for user in self.records["users"]:
            user["rate"] = dice.choice([None, 95.5, 210, 300, 333.33])
        for entry in self.records["activities"]:
            made = date.fromisoformat(entry["date"]) + timedelta(days=dice.choice([-2, 0, 0, 0, 1, 3, 20]))
            entry["created_at"] = f"{made.isoformat()}T{dice.choice(['00:30', '12:00', '23:30'])}:00-02:00"
        payments = [each for each in self.records["allocations"] if each["parent"]["type"] == "Payment"]
        for allocation in payments:
            if dice.random() < 0.3:
                allocation["parent"] = dict(dice.choice(payments)["parent"])
            allocation["has_online_payment"] = dice.choice([None, False, False, True])
            allocation["payment_type"] = dice.choice([None, "", "Card", "eCheck"])
            allocation["source_bank_account"] = dice.choice([None, {"id": 71, "type": "Trust"}, {"type": "Operating"}])

    def _give_matters_a_course(self, dice: random.Random) -> None:
        """Open, close and park matters, in order or not; some lack a date their status asks for."""
        for matter in self.records["matters"]:
            opened = FIRST + timedelta(days=dice.randint(-400, 500))
            later = [opened + timedelta(days=days) for days in (-3, 0, 40, 200)]
            matter |= {
                "status": dice.choice(["Open", "Open", "Closed", "Closed", "Closed", "Pending", None]),
                "open_date": dice.choice([opened.isoformat()] * 5 + [None]),
                "close_date": dice.choice([*later, *later, None]),
                "pending_date": dice.choice([*later, None]),
                "created_at": f"{opened.isoformat()}T23:30:00-02:00",
                "matter_stage": dice.choice([None, {"id": 81}, {"id": 82}]),
                "matter_stage_updated_at": dice.choice([None, f"{later[2].isoformat()}T00:30:00+02:00"]),
            }
            for name in ("close_date", "pending_date"):
                matter[name] = matter[name] and matter[name].isoformat()

    def _hold_in_trust(self, dice: random.Random) -> None:
        """Agree budgets and minimums on some matters, and move trust money, too much of it at times."""
        for matter in self.records["matters"]:
            budget = {"budget": dice.randint(500, 9000), "include_expenses": dice.choice([True, False, None])}
            matter["matter_budget"] = dice.choice([budget, budget, None])
            matter["evergreen_retainer"] = dice.choice([{"minimum_threshold": dice.randint(1, 900)}, None])
        self.records["bank_accounts"] = [
            {"id": 71, "name": "Client trust", "type": "Trust", "balance": 0},
            {"id": 72, "name": "Operating", "type": "Operating", "balance": 0},
        ]
        self.records["bank_transactions"] = []
        for number in range(500, 580):
            money = dice.randint(1, 90_000) / 100
            comes = dice.random() < 0.6
            self.records["bank_transactions"].append(
                {
                    "id": number,
                    "date": (FIRST + timedelta(days=dice.randint(-300, 500))).isoformat(),
                    "funds_in": money if comes else None,
                    "funds_out": None if comes else money,
                    "bank_account": dice.choice([*[{"id": 71, "type": "Trust"}] * 5, {"id": 72, "type": "Operating"}]),
                    "matter": dice.choice([{"id": dice.choice(MATTERS)}, {"id": dice.choice(MATTERS)}, None]),
                    "client": dice.choice([{"id": dice.choice(CLIENTS)}, None]),
                    "currency": dice.choice([None, None, None, "CAD"]),
                }
            )

    def _wall_off(self, dice: random.Random) -> None:
        """Keep some matters to groups: told by group or person, of everybody or nearly, of nobody, or unknown."""
        at_work, users = (11, 12, 14), {each["id"]: each for each in self.records["users"]}
        by_group = dice.sample(at_work, 2)
        self.records["groups"] = [
            {"id": 61, "name": "Circle", "type": "AdhocGroup", "users": [{"id": 11}, {"id": 13}]},
            {"id": 62, "name": "All hands", "type": "AccountGroup", "users": [{"id": each} for each in by_group]},
            {"id": 63, "name": "Nobody", "type": "AdhocGroup", "users": None},
        ]
        for person, user in users.items():
            user["groups"] = [{"id": 61}] if person == 12 else [{"id": 64}] if person == 14 else None
            if person in at_work and person not in by_group and dice.random() < 0.7:
                user["groups"] = [*(user["groups"] or []), {"id": 62}]
        for matter in self.records["matters"]:
            others = dice.choice([None, None, {"id": 62}, {"id": 62}, {"id": 63}, {"id": 64}, {"id": 65}])
            matter["group"] = dice.choice([matter["group"], matter["group"], others])

    def _tell_currencies(self, dice: random.Random) -> None:
        """Say of some matters and entries which currency they are in, as newer versions of Clio's API do.

        Nearly every matter has bills in several currencies; work on no bill is moved to a few that have none.
        """
        billed = {line["activity"]["id"] for line in self.records["line_items"] if line["activity"]}
        for number in UNBILLED_MATTERS:
            self.records["matters"].append(dict(dice.choice(self.records["matters"])) | {"id": number})
        for entry in self.records["activities"]:
            if entry["matter"] and entry["id"] not in billed and dice.random() < 0.4:
                entry["matter"] = {"id": dice.choice(UNBILLED_MATTERS)}
        for matter in self.records["matters"]:
            matter["currency"] = dice.choice([None, None, {"code": "CAD"}, {"code": "USD"}, {"code": "JPY"}])
        for entry in self.records["activities"]:
            entry["currency"] = dice.choice([None] * 5 + [{"code": "CAD"}, {"code": "USD"}])

    def _put_into_companies(self, dice: random.Random) -> None:
        """Let some clients belong to a company, which is a client itself or not."""
        self.records["contacts"].append({"id": 39, "name": "Company 39", "type": "Company"})
        for contact in self.records["contacts"]:
            if contact["id"] in (31, 32, 33):
                contact["company"] = dice.choice([None, {"id": 35}, {"id": 39}])

    def _sort_entries(self, dice: random.Random) -> None:
        """Say what some of the work and of the expenses was for; one sort of work has codes of the UTBMS set."""
        self.records["activity_descriptions"] = [
            {"id": 91, "name": "Drafting", "utbms_task_id": 801, "utbms_activity_id": 901},
            {"id": 92, "name": "Hearing", "utbms_task_id": None, "utbms_activity_id": 902},
        ]
        for entry in self.records["activities"]:
            name = "activity_description" if entry["type"] == "TimeEntry" else "expense_category"
            entry[name] = dice.choice([None, {"id": 91}, {"id": 92}])

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def new_id(self) -> int:
        self._id += self.dice.randint(1, 3)
        return self._id

    def day(self) -> date:
        return FIRST + timedelta(days=self.dice.randint(0, (LAST - FIRST).days))

    def _money(self, most: int) -> float:
        return self.dice.randint(1, most * 100) / 100

    def _set_up(self) -> None:
        for person in PEOPLE:
            self.records["users"].append(
                {
                    "id": person,
                    "name": f"Person {person}",
                    "enabled": person != 13,
                    "clio_connect": person == 15,
                    "subscription_type": "NonAttorney" if person == 14 else "Attorney",
                    "created_at": "2024-02-10T23:30:00-05:00" if person == 12 else "2024-01-01T12:00:00+00:00",
                }
            )
        self.records["practice_areas"] = [{"id": area, "name": f"Area {area}"} for area in AREAS]
        self.records["contacts"] = [{"id": client, "name": f"Client {client}", "type": "Person"} for client in CLIENTS]
        for matter in MATTERS:
            self.records["matters"].append(
                {
                    "id": matter,
                    "billable": self.dice.choice([True, True, True, True, None, False]),
                    "billing_method": self.dice.choice(["hourly", "hourly", None, "flat", "contingency"]),
                    "client": self.dice.choice([*({"id": client} for client in CLIENTS), None]),
                    "practice_area": self.dice.choice([{"id": 21}, {"id": 22}, None]),
                    "responsible_attorney": self.dice.choice([{"id": 11}, {"id": 12}, None]),
                    "originating_attorney": self.dice.choice([{"id": 12}, {"id": 13}, None]),
                    "group": self.dice.choice([None, None, {"id": 61}]),
                }
            )

    def _entry(self) -> Record:
        is_time = self.chance(0.75)
        redacted, idle = self.chance(0.03), self.chance(0.15)
        seconds, total = self.dice.randint(1, 60) * 360, self._money(900)
        entry = {
            "id": self.new_id(),
            "type": "TimeEntry" if is_time else self.dice.choice(["ExpenseEntry", "HardCostEntry", "SoftCostEntry"]),
            "date": self.day().isoformat(),
            "quantity": None if redacted else seconds - 100,
            "rounded_quantity": None if redacted else seconds,
            "quantity_redacted": redacted,
            "total": None if self.chance(0.02) else 0 if idle else total,
            "non_billable": idle,
            "non_billable_total": (None if self.chance(0.1) else total) if idle else 0,
            "no_charge": idle and self.chance(0.4),
            "flat_rate": is_time and self.chance(0.06),
            "contingency_fee": is_time and self.chance(0.06),
            "user": {"id": self.dice.choice([*PEOPLE[:4], 15])} if self.chance(0.95) else None,
            "matter": {"id": self.dice.choice(MATTERS)} if self.chance(0.94) else None,
            "bill": None,
            "created_at": "2024-01-01T12:00:00+00:00",
        }
        if self.chance(0.1) and entry["total"]:
            entry["unbilled_total"] = self._money(900)
        self.records["activities"].append(entry)
        return entry

    def _bill(self) -> None:
        dice = self.dice
        matters = dice.sample(list(MATTERS), dice.choice([1, 1, 1, 2, 3]))
        issued = self.day()
        state = dice.choice(
            ["paid", "awaiting_payment", "awaiting_payment", "paid", "draft", "void", "awaiting_approval"]
        )
        bill: Record = {
            "id": self.new_id(),
            "state": state,
            "kind": dice.choice(["revenue_kind"] * 8 + ["trust_kind", None]),
            "issued_at": issued.isoformat() if self.chance(0.98) else None,
            "due_at": (issued + timedelta(days=dice.choice([-3, 14, 30]))).isoformat() if self.chance(0.9) else None,
            "client": {"id": dice.choice(CLIENTS)},
            "matters": [{"id": matter} for matter in matters],
            "currency": dice.choice([None] * 6 + [{"code": "CAD"}, {"code": "JPY"}, {"code": "USD"}]),
            "discount": dice.choice(
                [None, None, None, {"rate": 7.5, "type": "percentage"}, {"rate": 25, "type": "money"}]
            ),
            "discount_services_only": dice.choice([None, "true", "false", "True"]),
        }
        self.records["bills"].append(bill)
        for _ in range(dice.randint(0, 6)):
            self._line(bill, matters)
        for _ in range(dice.choice([0, 0, 0, 1, 2])):
            self._charge(bill, matters)
        worth = self._total(bill)
        for _ in range(dice.choice([0, 1, 1, 2, 3, 5])):
            amount = round(worth * dice.choice([0.1, 0.33, 0.5, 1, 1.2, -0.2, -0.7]), 0 if _code(bill) == "JPY" else 2)
            self._allocation(bill, amount, issued + timedelta(days=dice.randint(-5, 200)), interest=self.chance(0.1))

    def _line(self, bill: Record, matters: list[int]) -> None:
        dice = self.dice
        entry = dice.choice(self.entries) if self.chance(0.75) else None
        kind = "Expense" if self.chance(0.3) else "Service"
        if entry is not None:
            kind = "Service" if entry["type"] == "TimeEntry" else "Expense"
            if self.chance(0.8):
                entry["bill"] = {"id": bill["id"]}
        amount = self._money(600) * (-1 if self.chance(0.12) else 1)
        if _code(bill) == "JPY":
            amount = round(amount)
        self.records["line_items"].append(
            {
                "id": self.new_id(),
                "type": dice.choice(["ActivityLineItem"] * 10 + ["NoChargeLineItem", "SummaryLineItem"])
                if entry is not None
                else dice.choice(["LineItem"] * 4 + ["SummaryLineItem"]),
                "kind": kind,
                "date": self.day().isoformat(),
                "price": amount,
                "quantity": dice.randint(1, 40) / 10,
                "sub_total": amount,
                "tax": dice.choice([0, 0, 0, round(amount * 0.05), None]),
                "secondary_tax": dice.choice([0, 0, 0, round(amount * 0.07)]),
                "bill": {"id": bill["id"]},
                "activity": {"id": entry["id"]} if entry else None,
                "matter": {"id": dice.choice(matters)} if self.chance(0.8) else None,
                "user": {"id": dice.choice(PEOPLE)} if self.chance(0.7) else None,
                "discount": dice.choice(
                    [None] * 5 + [{"rate": 10, "type": "percentage"}, {"rate": 5, "type": "money"}]
                ),
            }
        )

    def _charge(self, bill: Record, matters: list[int]) -> None:
        charge = {"id": self.new_id(), "date": self.day().isoformat(), "total": self.dice.randint(1, 40)}
        named = matters[:1] if self.chance(0.5) else matters
        self.records["interest_charges"].append(
            {**charge, "bill": {"id": bill["id"]}, "matters": [{"id": matter} for matter in named]}
        )

    def _total(self, bill: Record) -> float:
        """Set what is due: about the lines' sum, off by cents, or quite wrong; return it."""
        lines = [each for each in self.records["line_items"] if each["bill"] == {"id": bill["id"]}]
        charges = [each for each in self.records["interest_charges"] if each["bill"] == {"id": bill["id"]}]
        explained = sum(each["sub_total"] + (each["tax"] or 0) + each["secondary_tax"] for each in lines)
        explained += sum(each["total"] for each in charges)
        slip = (
            self.dice.choice([0, 0, 0.01, -0.02, 40, -300]) if _code(bill) != "JPY" else self.dice.choice([0, 1, 700])
        )
        bill["due"] = round(explained + slip, 2)
        bill["balance"], bill["paid"], bill["credits_issued"] = bill["due"], 0, 0
        return float(bill["due"])

    def _allocation(self, bill: Record | None, amount: float, on: date, *, interest: bool) -> None:
        memo = None
        if self.chance(0.25):
            memo = {
                "id": self.new_id(),
                "discount": self.chance(0.3),
                "voided_at": _stamp(on) if self.chance(0.1) else None,
            }
            self.records["credit_memos"].append(memo)
        matters = [each["id"] for each in (bill or {}).get("matters", [])]
        self.records["allocations"].append(
            {
                "id": self.new_id(),
                "date": on.isoformat(),
                "created_at": _stamp(on + timedelta(days=self.dice.randint(0, 3))),
                "amount": self.dice.randint(1, 30) * (-1 if amount < 0 else 1) if interest else amount,
                "interest": interest,
                "voided_at": _stamp(on) if self.chance(0.06) else None,
                "bill": {"id": bill["id"]} if bill else None,
                "matter": {"id": self.dice.choice([*matters, MATTERS[-1]])} if self.chance(0.6) else None,
                "parent": {"id": memo["id"], "type": "CreditMemo"}
                if memo
                else {"id": self.new_id(), "type": "Payment"},
            }
        )


def _code(bill: Record) -> str:
    return str((bill["currency"] or {"code": "USD"})["code"])


def _stamp(on: date) -> str:
    return f"{on.isoformat()}T12:00:00+00:00"


ENTITIES = (
    "users", "practice_areas", "contacts", "matters", "activities", "bills", "line_items", "allocations",
    "credit_memos", "interest_charges",
)  # fmt: skip
