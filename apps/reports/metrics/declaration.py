"""How a KPI is declared: items that are sums of measures, or ratios of such sums."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from apps.core.access import Extra
from apps.reports.contracts import Dimension, Measure, Unit
from apps.reports.metrics.hidden import hidden_measures


@dataclass(frozen=True, slots=True)
class Sum:
    """Measures added up."""

    measures: tuple[Measure, ...]
    unit: Unit

    def uses(self) -> tuple[Measure, ...]:
        """Return the measures it needs."""
        return self.measures


@dataclass(frozen=True, slots=True)
class Statistic:
    """A measure that cannot be added up: a median, a percentile, a count of different things.

    Without rows there is no figure; a count is 0.
    """

    measure: Measure
    unit: Unit

    def uses(self) -> tuple[Measure, ...]:
        """Return the measures it needs."""
        return (self.measure,)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Sums over sums, never over other ratios (R9). No figure where `under` is not above zero (R10).

    unit: of the figure: percent for a share, money for a rate per hour, days for an average.
    """

    over: tuple[Measure, ...]
    under: tuple[Measure, ...]
    unit: Unit = Unit.PERCENT

    def uses(self) -> tuple[Measure, ...]:
        """Return the measures it needs."""
        return self.over + self.under


@dataclass(frozen=True, slots=True)
class Share:
    """A row's part of the sum of all rows. No figure where that is not above zero."""

    measures: tuple[Measure, ...]
    unit: Unit = Unit.PERCENT

    def uses(self) -> tuple[Measure, ...]:
        """Return the measures it needs."""
        return self.measures


Item = Sum | Ratio | Statistic | Share
Figures = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class MarkRule:
    """A mark a row gets by its own figures of the metric, by item. item: the figure it stands at."""

    code: str
    item: str
    text: str
    holds: Callable[[Figures], bool]


@dataclass(frozen=True, slots=True)
class Metric:
    """A KPI of kpis.md: `key` is its number there, `name` its field in every answer.

    dims: what it may be broken down and filtered by (R17), besides time. has_months: it is placed by a date, not taken
    as of a day. follows: whose definition it follows or is comparable with. needs: the permissions without which it is
    refused. items_need: those without which single items of it are left out. marks: what its figures call for, row by
    row. only_as_reported: it is made of snapshots and means nothing restated. narrowed_by: what it may be filtered by
    besides its dims, and not broken down by.
    """

    key: str
    name: str
    title: str
    question: str
    formula: str
    date_basis: str
    dims: frozenset[Dimension]
    definition: str
    items: Mapping[str, Item]
    excludes: str = ""
    follows: str = ""
    has_months: bool = True
    needs: frozenset[Extra] = frozenset()
    items_need: Mapping[str, Extra] = field(default_factory=dict)
    marks: tuple[MarkRule, ...] = ()
    only_as_reported: bool = False
    narrowed_by: frozenset[Dimension] = frozenset()

    def fits(self, *, dimensions: Collection[Dimension], filters: Collection[Dimension]) -> bool:
        """Tell whether it means anything broken down and filtered like this."""
        return self.dims >= {*dimensions} and self.dims | self.narrowed_by >= {*filters}

    def lacking(self, held: Collection[Extra]) -> list[Extra]:
        """Return the permissions a reader lacks for any figure of it, in order; empty: it is theirs to read."""
        lacking = self.needs - frozenset(held)
        if not lacking and not self._items_for(held):
            lacking = frozenset(self.items_need.values())
        return sorted(lacking)

    def for_reader(self, held: Collection[Extra]) -> "Metric":
        """Return the metric with the items only that a reader of these permissions may see."""
        return replace(self, items=self._items_for(held)) if self.items_need else self

    def _items_for(self, held: Collection[Extra]) -> dict[str, Item]:
        return {
            name: item
            for name, item in self.items.items()
            if name not in self.items_need or self.items_need[name] in held
        }

    @property
    def unit(self) -> Unit:
        """Return the unit of its first item; parts shown beside it may have another."""
        return next(iter(self.items.values())).unit

    def statistics(self) -> Iterator[Measure]:
        """Yield the measures that cannot be added up."""
        for item in self.items.values():
            if isinstance(item, Statistic):
                yield item.measure

    @property
    def hidden(self) -> tuple[Measure, ...]:
        """Return what counts rows that should have counted but are redacted; above zero it is incomplete (R13)."""
        return hidden_measures(measure for item in self.items.values() for measure in item.uses())

    def uses(self) -> Iterator[Measure]:
        """Yield the measures it needs, some perhaps twice."""
        for item in self.items.values():
            yield from item.uses()
        yield from self.hidden


def total(*measures: Measure, unit: Unit) -> Sum:
    """Return a sum as an item."""
    return Sum(measures, unit)
