"""A question made out: its metrics, how things stand for it, and what it is read by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from apps.reports.contracts import Query
from apps.reports.contracts.conversion import Conversion
from apps.reports.metrics.declaration import Item, Metric
from apps.reports.queries.sources.reading import SumRow
from apps.reports.rules.comparison import Compared
from apps.reports.services.find_standing import Standing
from apps.reports.services.find_unknown import NOTHING_UNKNOWN, Unknown


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made out: its metrics, and how things stand for it.

    may_be_none: measures whose missing sum is no zero: not offered to the scope, or nothing that adds up. wholes: the
    rows of all keys together, by piece of the period. unknown: figures that nothing kept can tell.
    """

    query: Query
    metrics: tuple[Metric, ...]
    standing: Standing
    currency: str
    compared: tuple[Compared, ...]
    tells_people: bool
    may_be_none: frozenset[str] = frozenset()
    wholes: Mapping[date | None, SumRow] = field(default_factory=dict)
    unknown: Unknown = NOTHING_UNKNOWN
    conversion: Conversion | None = None


def items_of(asked: Asked) -> Mapping[str, Item]:
    """Return every item of the question's metrics by its column."""
    return {f"{metric.name}.{name}": item for metric in asked.metrics for name, item in metric.items.items()}
