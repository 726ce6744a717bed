"""Which figures can be told as they were reported (R5): those of a day by its snapshot, the others by closed months.

What both know, such as matters opened, is read from the closed months where the whole period is made of them, else from
the snapshot of its last day.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from apps.reports.contracts import Dimension, Mode
from apps.reports.metrics.declaration import Item, Metric
from apps.reports.queries.sources import AS_REPORTED
from apps.reports.queries.sources.frozen import FROZEN

# Of what a bill owes snapshots keep the sum, its tax and its interest; of an entry nothing that Clio sorts it by.
_NOT_KEPT = re.compile(r"\br\.visible_(fees|expenses|unreconciled|credit)\b")
_UNSORTED = frozenset({Dimension.CATEGORY, Dimension.UTBMS_TASK, Dimension.UTBMS_ACTIVITY, Dimension.COST_KIND})


def is_kept_daily(item: Item) -> bool:
    """Tell whether every day's snapshot holds all that an item is made of."""
    return all(each.source in AS_REPORTED and not _NOT_KEPT.search(each.expression) for each in item.uses())


def is_of_closed_months(item: Item) -> bool:
    """Tell whether closed months keep all that an item is made of."""
    return all(measure.source in FROZEN for measure in item.uses())


def needs_closed_months(item: Item) -> bool:
    """Tell whether an item as reported is told by closed months only: no snapshot holds it, and they do."""
    return is_of_closed_months(item) and not is_kept_daily(item)


def is_of_the_day(item: Item, *, is_frozen: bool) -> bool:
    """Tell whether an item as reported is read from a snapshot. is_frozen: the period is one of closed months."""
    return is_kept_daily(item) and not (is_frozen and is_of_closed_months(item))


def as_reported(metric: Metric, by: Collection[Dimension] = ()) -> Metric:
    """Return the metric with those of its items only that can be told as they were reported, perhaps none.

    by: the dimensions it is asked by; what a day's snapshot keeps is not sorted by all of them.
    """
    days = not _UNSORTED & {*by}
    return with_items(metric, lambda item: (days and is_kept_daily(item)) or is_of_closed_months(item))


def kept_of(metric: Metric) -> Metric:
    """Return the metric with those of its items only that a closed month keeps, perhaps none: not those as of a day."""
    return with_items(metric, is_of_closed_months)


def has_figures(metric: Metric, item: str, mode: Mode, by: Collection[Dimension]) -> bool:
    """Tell whether an item of a metric means anything in a knowledge mode, by some dimensions."""
    return item in as_reported(metric, by).items if mode is Mode.AS_REPORTED else not metric.only_as_reported


def with_items(metric: Metric, is_told: Callable[[Item], bool]) -> Metric:
    """Return the metric with those of its items only of which the test holds."""
    return replace(metric, items={name: item for name, item in metric.items.items() if is_told(item)})
