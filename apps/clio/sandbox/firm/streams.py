"""One stream of chance per subject, so that a new subject later reshuffles no other."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

Chance = Callable[[], float]
Item = TypeVar("Item")


def stream(seed: int, subject: str) -> Chance:
    """Return the `random()` of a subject's own generator."""
    return Random(f"{seed}:{subject}").random  # noqa: S311 -- invented data, not secrets


def pick(chance: Chance, items: Sequence[Item]) -> Item:
    """Return one item, each as likely."""
    return items[int(chance() * len(items))]


def weighted(chance: Chance, items: Sequence[tuple[Item, int]]) -> Item:
    """Return one item by integer weight."""
    mark = int(chance() * sum(weight for _, weight in items))
    for item, weight in items:
        mark -= weight
        if mark < 0:
            return item
    raise AssertionError("weights are positive")


def between(chance: Chance, low: int, high: int) -> int:
    """Return a whole number from low to high, both included."""
    return low + int(chance() * (high - low + 1))
