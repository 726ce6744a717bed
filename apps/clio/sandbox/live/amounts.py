"""Amounts of records: cents in, JSON numbers with two decimals out."""

from __future__ import annotations

from typing import Any

from apps.clio.sandbox.changes import ExactNumber
from apps.clio.sandbox.fragments import MONEY


def amount(cents: int) -> ExactNumber:
    """Return cents as a number with two decimals."""
    return ExactNumber(MONEY[cents])


def cents(value: Any) -> int:
    """Return a number of a record in hundredths; none is 0."""
    if value is None:
        return 0
    text = value.text if isinstance(value, ExactNumber) else str(value)
    whole, _, rest = text.partition(".")
    size = int(whole.lstrip("-") or 0) * 100 + int(f"{rest}00"[:2])
    return -size if text.startswith("-") else size


def id_of(nested: Any) -> int | None:
    """Return the id of a nested object, if there is one."""
    return None if nested is None else int(nested["id"])
