"""How a KPI is declared: items that are sums of measures, or ratios of such sums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apps.reports.contracts import Dimension, Measure, Unit


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


Item = Sum | Ratio | Statistic


@dataclass(frozen=True, slots=True)
class Metric:
    """A KPI of kpis.md: `key` is its number there, `name` its field in every answer.

    dims: what it may be broken down and filtered by (R17), besides time. hidden: counts rows that should have
    counted but are redacted; above zero the KPI is incomplete (R13). has_months: it is
    placed by a date, not taken as of a day. follows: whose definition it follows or is comparable with.
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
    hidden: Measure | None = None
    has_months: bool = True

    @property
    def unit(self) -> Unit:
        """Return the unit of its first item; parts shown beside it may have another."""
        return next(iter(self.items.values())).unit

    def statistics(self) -> Iterator[Measure]:
        """Yield the measures that cannot be added up."""
        for item in self.items.values():
            if isinstance(item, Statistic):
                yield item.measure

    def uses(self) -> Iterator[Measure]:
        """Yield the measures it needs, some perhaps twice."""
        for item in self.items.values():
            yield from item.uses()
        if self.hidden:
            yield self.hidden


def total(*measures: Measure, unit: Unit) -> Sum:
    """Return a sum as an item."""
    return Sum(measures, unit)
