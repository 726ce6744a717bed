"""What waits to be billed, matter by matter: worked out from the entries whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from apps.clio.sandbox.fragments import FLAGS, NULL, TEXT

if TYPE_CHECKING:
    from apps.clio.sandbox.entities.entity import Cell
    from apps.clio.sandbox.store import Store


@dataclass(slots=True)
class Waiting:
    """Unbilled work of a matter: hundredths of hours, cents, and what the matter has in trust."""

    hours: int = 0
    cents: int = 0
    trust: int = 0


def unbilled_by_matter(store: Store, start: date | None, end: date | None) -> dict[int, Waiting]:
    """Return what is billable and on no bill, by matter id; of a span of work dates if asked."""
    table, no = store.tables["activities"], FLAGS[0]
    places = table.entity.positions
    on_bill, non_billable, matter, total, hours, day = (
        places[name] for name in ("on_bill", "non_billable", "matter", "total", "rounded_quantity_in_hours", "date")
    )
    low, high = _quoted(start, ""), _quoted(end, '"9')
    found: dict[int, Waiting] = {}
    for row in table.rows:
        number = row[matter]
        if row[0] in store.written_off:
            continue
        if row[on_bill] == no and row[non_billable] == no and isinstance(number, int) and low <= str(row[day]) <= high:
            waiting = found.get(number) or found.setdefault(number, Waiting())
            waiting.cents += cents(row[total])
            waiting.hours += cents(row[hours])
    _note_trust(store, found)
    return found


def _note_trust(store: Store, found: dict[int, Waiting]) -> None:
    table = store.tables["matters"]
    billable, balances = table.entity.positions["billable"], table.entity.positions["account_balances"]
    for number in list(found):
        row = table.find(number)
        if row is None or row[billable] != FLAGS[1] or not (found[number].cents or found[number].hours):
            del found[number]
        else:
            found[number].trust = trust_of(row[balances])


def trust_of(cell: Cell) -> int:
    """Return the cents in trust of an account-balances cell."""
    parts = [getattr(each, "fragments", {}) for each in cell] if isinstance(cell, tuple) else []
    return sum(cents(part.get("balance")) for part in parts if part.get("type") == TEXT["Trust"])


def cents(cell: Cell) -> int:
    """Return an amount with up to two decimals in hundredths; none is 0."""
    text = NULL if cell is None else str(cell)
    if text == NULL:
        return 0
    whole, _, rest = text.partition(".")
    size = int(whole.lstrip("-") or 0) * 100 + int(f"{rest}00"[:2])
    return -size if text.startswith("-") else size


def _quoted(day: date | None, otherwise: str) -> str:
    return otherwise if day is None else f'"{day.isoformat()}"'
