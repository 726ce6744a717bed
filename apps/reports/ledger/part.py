"""Which part of a firm's ledger is built, and how its statements run."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from apps.core.money import UNUSUAL_MINOR_DIGITS

Statement = str


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """A firm and what to build anew of its ledger; no bills and no activities named means all of it.

    today: the date in the firm's zone. settings_version: of what the firm keeps and the ledger is made with.
    bill_ids are built with their lines and money: name with a bill every bill that
    shares an entry with it (case 19). activity_ids are the entries whose own rows are written: name those on a bill
    that became approved or ceased to be, and with a changed entry the bills it is on. matter_ids, user_ids and
    contact_ids: whose attributes and names are written. all_contacts: every contact's name. lists: practice areas,
    groups, stages, categories and bank accounts, which are few. employed_ids: whose spans of employment are looked at
    anyway; those whose days of work moved always are. without_bill: interest received without a bill too.
    trust_ids, all_trust: movements on trust accounts. rest: all that is neither an entry nor a bill.
    memo_ids: credits whose giver and note are written.
    """

    firm_id: int
    currency: str
    time_zone: str
    today: date
    settings_version: int = 0
    bill_ids: tuple[int, ...] | None = None
    activity_ids: tuple[int, ...] | None = None
    matter_ids: tuple[int, ...] = ()
    user_ids: tuple[int, ...] = ()
    contact_ids: tuple[int, ...] = ()
    employed_ids: tuple[int, ...] = ()
    all_contacts: bool = False
    lists: bool = False
    without_bill: bool = False
    trust_ids: tuple[int, ...] = ()
    all_trust: bool = False
    memo_ids: tuple[int, ...] = ()
    rest: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is built."""
        return self.bill_ids is None and self.activity_ids is None

    @property
    def has_bills(self) -> bool:
        """Tell whether bills, or money without one, are built."""
        return self.is_whole or bool(self.bill_ids) or self.without_bill or self.rest

    @property
    def has_activities(self) -> bool:
        """Tell whether rows of entries are written."""
        return self.is_whole or bool(self.activity_ids)


@dataclass(frozen=True, slots=True)
class Builder:
    """Runs the ledger's statements with the values of one part."""

    part: LedgerPart
    values: dict[str, Any]

    @classmethod
    def of(cls, part: LedgerPart) -> "Builder":
        """Return the builder of a part."""
        values = {
            "firm": part.firm_id,
            "currency": part.currency,
            "zone": part.time_zone,
            "today": part.today,
            "whole": part.is_whole,
            "bills": list(part.bill_ids or ()),
            "activities": list(part.activity_ids or ()),
            "matters": list(part.matter_ids),
            "users": list(part.user_ids),
            "contacts": list(part.contact_ids),
            "employed": list(part.employed_ids),
            "trust": list(part.trust_ids),
            "memos": list(part.memo_ids),
            "all_trust": part.is_whole or part.rest or part.all_trust,
            "rest": part.is_whole or part.rest,
            "all_contacts": part.is_whole or part.rest or part.all_contacts,
            "factors": _FACTORS,
        }
        return cls(part, values)

    def run(self, *statements: Statement, **more: Any) -> None:
        """Run statements in order."""
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, {**self.values, **more})

    def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Return a statement's rows."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self.values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


_FACTORS = json.dumps({code: 10**digits for code, digits in UNUSUAL_MINOR_DIGITS.items()})


def temporary(name: str, query: str) -> tuple[Statement, ...]:
    """Return the statements that make a temporary table of a query's rows and let the planner know them."""
    return (
        f"DROP TABLE IF EXISTS pg_temp.{name}",
        f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {query}",
        f"ANALYZE pg_temp.{name}",
    )


def factor(currency: str) -> str:
    """Return the SQL of a currency's minor units per unit; most have a hundred."""
    return f"coalesce((%(factors)s::jsonb ->> {currency})::int, 100)"
