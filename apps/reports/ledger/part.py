"""Which part of a firm's ledger is built, and how its statements run."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from apps.core.money import minor_digits

Statement = str


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """A firm and the bills and activities to build anew; None means all of them. today: the date in the firm's zone.

    Name with a bill every bill that shares an entry with it (case 19), and with an activity the bills it is on.
    """

    firm_id: int
    currency: str
    time_zone: str
    today: date
    bill_ids: tuple[int, ...] | None = None
    activity_ids: tuple[int, ...] | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is built."""
        return self.bill_ids is None and self.activity_ids is None


@dataclass(frozen=True, slots=True)
class Builder:
    """Runs the ledger's statements with the values of one part."""

    values: dict[str, Any]

    @classmethod
    def of(cls, part: LedgerPart) -> "Builder":
        """Return the builder of a part; it looks up the currencies in use for their minor units."""
        values = {
            "firm": part.firm_id,
            "currency": part.currency,
            "zone": part.time_zone,
            "today": part.today,
            "whole": part.is_whole,
            "bills": list(part.bill_ids or ()),
            "activities": list(part.activity_ids or ()),
        }
        builder = cls(values)
        codes = {part.currency, *(row[0] for row in builder.fetch(_CURRENCIES))}
        values["factors"] = json.dumps({code: 10 ** minor_digits(code) for code in codes})
        return builder

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


_CURRENCIES = "SELECT DISTINCT currency FROM clio_out_bills WHERE firm_id = %(firm)s AND currency IS NOT NULL"


def temporary(name: str, query: str) -> tuple[Statement, ...]:
    """Return the statements that make a temporary table of a query's rows and let the planner know them."""
    return (
        f"DROP TABLE IF EXISTS pg_temp.{name}",
        f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {query}",
        f"ANALYZE pg_temp.{name}",
    )


def factor(currency: str) -> str:
    """Return the SQL of a currency's minor units per unit."""
    return f"(%(factors)s::jsonb ->> {currency})::int"
