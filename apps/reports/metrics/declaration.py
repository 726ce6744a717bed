"""How a KPI is declared: items that are sums of measures, or ratios of such sums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apps.reports.contracts import Measure, Unit


@dataclass(frozen=True, slots=True)
class Sum:
    """Measures added up."""

    measures: tuple[Measure, ...]
    unit: Unit

    def uses(self) -> tuple[Measure, ...]:
        """Return the measures it needs."""
        return self.measures


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share in percent: of sums, never of other ratios (R9). No figure where `under` is not above zero (R10)."""

    over: tuple[Measure, ...]
    under: tuple[Measure, ...]
    unit: Unit = Unit.PERCENT

    def uses(self) -> tuple[Measure, ...]:
        """Return the measures it needs."""
        return self.over + self.under


@dataclass(frozen=True, slots=True)
class Metric:
    """A KPI of kpis.md: `key` is its number there, `name` its field in every answer.

    dims: the dimension set it may be broken by (R17). hidden: counts rows that should have counted but are redacted;
    above zero the KPI is incomplete (R13). has_months: it is placed by a date, not taken as of a day.
    """

    key: str
    name: str
    title: str
    question: str
    formula: str
    date_basis: str
    dims: str
    definition: str
    items: Mapping[str, Sum | Ratio]
    excludes: str = ""
    hidden: Measure | None = None
    has_months: bool = True

    @property
    def unit(self) -> Unit:
        """Return the unit of its first item; parts shown beside it may have another."""
        return next(iter(self.items.values())).unit

    def uses(self) -> Iterator[Measure]:
        """Yield the measures it needs, some perhaps twice."""
        for item in self.items.values():
            yield from item.uses()
        if self.hidden:
            yield self.hidden


def total(*measures: Measure, unit: Unit) -> Sum:
    """Return a sum as an item."""
    return Sum(measures, unit)
