"""A page of changed time entries, written into the mirror the way a sync writes it."""

import itertools
import json
import time
from datetime import UTC, datetime

from apps.clio.mirror import ENTITY_BY_NAME
from apps.clio.mirror.rows import lines_by_id
from apps.clio.mirror.write import write_batch
from apps.core.tenancy import tenant
from bench.numbers_firm import NOW, TIMEKEEPERS

_FIRST_ID = 100_000_000  # beyond those the firm was made with: the next run changes them again
_PAGE = 200
_turn = itertools.count(int(time.time()))  # Clio's older word is not believed, so each is later than every one before


def change_page(firm_id: int) -> None:
    """Give 200 entries of the last days other hours and amounts."""
    turn = next(_turn)
    entity = ENTITY_BY_NAME["activities"]
    page = json.dumps([_entry(number, turn) for number in range(_PAGE)]).encode()
    with tenant(firm_id):
        write_batch(entity, firm_id=firm_id, lines=lines_by_id(entity, page).values(), asked_at=time.monotonic())


def _entry(number: int, turn: int) -> dict[str, object]:
    seconds = 360 * (1 + (number + turn) % 40)
    day = NOW.date().replace(day=1 + number % 14)
    return {
        "id": _FIRST_ID + number,
        "type": "TimeEntry",
        "date": day.isoformat(),
        "quantity": seconds,
        "rounded_quantity": seconds,
        "quantity_redacted": False,
        "price": 300,
        "total": seconds / 12,
        "non_billable": False,
        "no_charge": False,
        "created_at": f"{day.isoformat()}T18:00:00+00:00",
        "updated_at": datetime.fromtimestamp(turn, UTC).isoformat(),
        "user": {"id": 1 + number % TIMEKEEPERS},
        "matter": {"id": 5000 + number},
    }
