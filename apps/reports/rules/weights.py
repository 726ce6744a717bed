"""Weights for a split where some of the amounts are negative (kpis.md section 8, case 8)."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from apps.core.money import split_by_largest_remainder


@dataclass(frozen=True, slots=True)
class Part:
    """One amount in minor units, the matter it belongs to, and its group there: kind and component."""

    matter: int | None
    group: Hashable
    amount: int


def lower_negatives(parts: Sequence[Part]) -> list[int]:
    """Return each part's weight: never below zero, and adding up to what its matter comes to.

    A negative amount first lowers the positive ones of its matter and group pro rata; what is left lowers the rest of
    the matter. A matter that comes to zero or less has no weights. Ties go to the earlier part.
    """
    weights = [max(part.amount, 0) for part in parts]
    by_matter: dict[int | None, list[int]] = defaultdict(list)
    for position, part in enumerate(parts):
        by_matter[part.matter].append(position)
    for positions in by_matter.values():
        left = 0
        by_group: dict[Hashable, list[int]] = defaultdict(list)
        for position in positions:
            by_group[parts[position].group].append(position)
        for group in by_group.values():
            left += _lower(weights, group, -sum(min(parts[position].amount, 0) for position in group))
        if left:
            _lower(weights, positions, left)
    return weights


def _lower(weights: list[int], positions: list[int], by: int) -> int:
    """Take an amount off the weights at these positions, pro rata; return what they could not bear."""
    there = [weights[position] for position in positions]
    taken = min(by, sum(there))
    if taken > 0:
        for position, share in zip(positions, split_by_largest_remainder(taken, there), strict=True):
            weights[position] -= share
    return by - taken
