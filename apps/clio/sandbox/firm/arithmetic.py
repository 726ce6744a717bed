"""Cents: percentages rounded half away from zero, splits by largest remainder."""

from collections.abc import Sequence


def percent(amount: int, basis_points: int) -> int:
    """Return the share of an amount; 10000 basis points are all of it."""
    size = (abs(amount) * basis_points * 2 + 10_000) // 20_000
    return size if amount >= 0 else -size


def extend(price: int, hundredths: int) -> int:
    """Return price x quantity, the quantity in hundredths, rounded half away from zero."""
    size = (abs(price * hundredths) * 2 + 100) // 200
    return size if price * hundredths >= 0 else -size


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Cut an amount by non-negative weights, largest remainder first, ties to the earliest."""
    total = sum(weights)
    if total <= 0:
        return [0] * len(weights)
    shares = [amount * weight // total for weight in weights]
    rests = [amount * weight % total for weight in weights]
    missing = amount - sum(shares)
    for index in sorted(range(len(weights)), key=lambda at: (-rests[at], at))[:missing]:
        shares[index] += 1
    return shares
