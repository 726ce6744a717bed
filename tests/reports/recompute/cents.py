"""Minor units, and the two ways to cut them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"), 0),
    **dict.fromkeys(("VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def cents(amount: Any, currency: str) -> int:
    """Return an amount in minor units, halves away from zero."""
    scaled = Decimal(str(amount)) * (Decimal(10) ** DIGITS.get(currency, 2))
    return int(scaled.quantize(Decimal(1), ROUND_HALF_UP))


def money(minor: int, currency: str) -> str:
    """Return minor units as text."""
    digits = DIGITS.get(currency, 2)
    return (
        str(Decimal(minor) / (Decimal(10) ** digits))
        if digits == 0
        else f"{Decimal(minor) / Decimal(10**digits):.{digits}f}"
    )


def share_out(amount: int, weights: list[int]) -> list[int]:
    """Cut an amount by weights: whole parts first, then one unit each to the largest remainders, the earliest first."""
    whole = sum(weights)
    exact = [Fraction(abs(amount) * weight, whole) for weight in weights]
    parts = [int(each) for each in exact]
    ranking = sorted(range(len(weights)), key=lambda at: (parts[at] - exact[at], at))
    for at in ranking[: abs(amount) - sum(parts)]:
        parts[at] += 1
    return parts if amount >= 0 else [-part for part in parts]


def without_negatives(rows: list[tuple[Any, Any, int]]) -> list[int]:
    """Return the weights of (matter, kind and component, amount) rows by case 8."""
    weights = [row[2] for row in rows]
    for matter in {row[0] for row in rows}:
        inside = [at for at, row in enumerate(rows) if row[0] == matter]
        for group in {rows[at][1] for at in inside}:
            cancel(weights, [at for at in inside if rows[at][1] == group])
        cancel(weights, inside)
        if sum(weights[at] for at in inside) <= 0:
            for at in inside:
                weights[at] = 0
    return weights


def cancel(weights: list[int], places: list[int]) -> None:
    """Set the negative weights at some places against the positive ones, pro rata, as far as those go."""
    positive = [at for at in places if weights[at] > 0]
    negative = [at for at in places if weights[at] < 0]
    up, down = sum(weights[at] for at in positive), -sum(weights[at] for at in negative)
    both = min(up, down)
    if not both:
        return
    for at, part in zip(positive, share_out(both, [weights[at] for at in positive]), strict=True):
        weights[at] -= part
    for at in negative:
        weights[at] = 0
    if down > both:
        weights[negative[0]] = both - down
