"""What happens to a firm in one seed's life: drawn beforehand, so that it can be printed and repeated."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.clio.sandbox.live.acts import ACTS

# How often each happens among its like. What takes seconds (a process starts anew) is rare.
_WORLD = {"work": 30, "act": 30, "live": 14, "remove": 6, "rewrite": 6, "add_bare": 3, "vanish": 4}
_TROUBLE = {
    "odds": 10,
    "queue_fault": 12,
    "calm": 8,
    "webhooks": 10,
    "lose_webhook": 4,
    "expire_tokens": 4,
    "kill_child": 14,
    "freeze_child": 6,
    "steal_leases": 4,
    "empty_redis": 5,
    "kill_worker": 2,
    "kill_web": 2,
    "crash_redis": 2,
    "crash_postgres": 4,
    "pause": 14,
}
_SCHEDULE = {"sync": 20, "sync_all": 3, "resync": 5, "reread": 4, "compare": 5, "compare_wholly": 5}
ALL = {**_WORLD, **_TROUBLE, **_SCHEDULE, "await_rest": 0}
_ODDS = ("429:0.04", "500:0.08", "503:0.1", "html500:0.08", "html200:0.06", "slow:0.1", "drop:0.08", "truncate:0.1")
_MORE_ODDS = ("wrong_host:0.06", "expired_page:0.06", "redirect:0.1", "redirect_away:0.05", "429_bare:0.02")
_FAULTS = ("429", "500", "503", "html500", "html200", "slow", "timeout", "drop", "truncate", "wrong_host")
_MORE_FAULTS = ("expired_page", "redirect", "redirect_away", "403", "404", "400", "422", "429_at")
_PATHS = (
    *("activities", "bills", "line_items", "allocations", "matters", "contacts", "users", "tasks", "groups"),
    *("bank_transactions", "billable_clients", "clio_payments/payments", "credit_memos", "relationships"),
)
# Nothing but themselves depends on these, so that single ones may vanish, be bare or say anything.
LOOSE = ("tasks", "relationships", "calendar_entries")
_WORDS = (
    "tab\tand line\nend",
    "back\\slash \\N \\.",
    "nul\0inside",
    "\u2028 \U0001f9fe é ß \u0301",
    "'quotes\" {}",
    "",
)
RESYNCED = (
    *("users", "matters", "activities", "bills", "line_items", "allocations", "groups", "tasks", "contacts"),
    *("calendar_entries", "outstanding_client_balances", "written_off_activities", "billing_settings"),
)
REREAD = ("activities", "bills", "matters", "contacts", "line_items", "allocations", "calendar_entries", "users")
# Everything the firm knows to do, and more often what takes something away or back.
_ACTS = (
    *ACTS,
    *("permission_lost", "permission_lost", "hours_hidden", "hours_hidden", "matter_restricted", "contacts_merged"),
    *("bill_reopened", "bill_voided", "payment_voided", "draft_deleted", "user_disabled", "entry_written_off"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens."""

    name: str
    about: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{name}={value!r}' for name, value in self.about.items())})"


def draw(seed: int, *, length: int) -> list[Step]:
    """Return a life. Its first sync runs under way from the start, in half of all lives into trouble.

    Then scene after scene: something changes, something fails, the product or a person wants to know, more fails.
    """
    chance = random.Random(f"life {seed}")
    steps = [Step("await_rest", {"seconds": 30.0})] if chance.random() < 0.5 else []
    while len(steps) < length:
        steps += [_step(chance, _WORLD) for _ in range(chance.randint(1, 3))]
        steps += [_step(chance, _TROUBLE) for _ in range(chance.randint(0, 2))]
        steps += [_step(chance, _SCHEDULE)]
        steps += [_step(chance, {**_WORLD, **_TROUBLE}) for _ in range(chance.randint(0, 3))]
        if chance.random() < 0.6:
            steps.append(Step("await_rest", {"seconds": 8.0}))
    return steps[:length]


def _step(chance: random.Random, kinds: Mapping[str, int]) -> Step:
    name = chance.choices(list(kinds), list(kinds.values()))[0]
    return Step(name, _DETAILS[name](chance) if name in _DETAILS else {})


def _webhooks(chance: random.Random) -> dict[str, Any]:
    return chance.choice(
        [
            {"duplicate": 0.5},
            {"reorder": 0.6, "delay": 0.05},
            {"drop": 0.5},
            {"drop": 1.0},
            {"hold": True},
            {"hold": False},
            {"watches_updated_at": False},
            {"duplicate": 0.3, "reorder": 0.5, "drop": 0.2},
            {"signature": "base64"},
            {"handshake": "before"},
            {"handshake": "lost"},
        ]
    )


def _fault(chance: random.Random) -> dict[str, Any]:
    return {
        "kind": chance.choice(_FAULTS + _MORE_FAULTS),
        "path": f"/api/v4/{chance.choice(_PATHS)}.json",
        "times": chance.choice((1, 1, 2, 4)),
        "after": chance.choice((0, 0, 1, 3)),
        "seconds": chance.choice((0.2, 0.6)),
    }


_DETAILS = {
    "work": lambda chance: {"count": chance.choice((1, 5, 20, 60, 200))},
    "act": lambda chance: {"of": chance.choice(_ACTS)},
    "live": lambda chance: {"per_minute": chance.choice((0, 600, 3000, 6000))},
    "remove": lambda chance: {"entity": chance.choice(LOOSE), "at": chance.random()},
    "rewrite": lambda chance: {"entity": chance.choice(LOOSE), "at": chance.random(), "text": chance.choice(_WORDS)},
    "add_bare": lambda chance: {"entity": chance.choice(LOOSE)},
    "vanish": lambda chance: {"entity": chance.choice(LOOSE), "share": chance.choice((0.05, 0.3, 1.0))},
    "odds": lambda chance: {"odds": ",".join(chance.sample(_ODDS + _MORE_ODDS, 3))},
    "queue_fault": _fault,
    "webhooks": _webhooks,
    "lose_webhook": lambda chance: {"how": chance.choice(("expire", "suspend")), "at": chance.random()},
    "expire_tokens": lambda chance: {"rotates": chance.random() < 0.3},
    "freeze_child": lambda chance: {"seconds": chance.choice((0.3, 1.0, 2.5))},
    "resync": lambda chance: {"entity": chance.choice(RESYNCED)},
    "reread": lambda chance: {"entity": chance.choice(REREAD), "at": chance.random()},
    "pause": lambda chance: {"seconds": chance.choice((0.1, 0.3, 0.8, 1.5))},
}
