"""Money as integers of minor units, and the one way to round and to split it."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 currencies whose minor unit is not 1/100 (list one of the standard, read 2025): digits -> codes.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
UNUSUAL_MINOR_DIGITS = {code: digits for digits, codes in _CODES.items() for code in codes.split()}


def minor_digits(currency: str) -> int:
    """Return how many decimal digits a currency has."""
    return UNUSUAL_MINOR_DIGITS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return an amount in minor units, halves away from zero."""
    return int((amount * 10 ** minor_digits(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return minor units as a decimal amount with the currency's digits."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def split_by_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in minor units by weights (not negative, not all zero) so that the parts add up exactly.

    Ties go to the earlier weight. A negative total is split by its absolute amount, the sign restored.
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must add up to more than zero")
    amount = abs(total)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % whole), at))
    for position in by_remainder[: amount - sum(parts)]:
        parts[position] += 1
    return [-part for part in parts] if total < 0 else parts
