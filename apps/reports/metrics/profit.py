"""K28 to K30: what hours cost, what matters and people bring beyond that."""

from dataclasses import dataclass, replace

from apps.core.access import Extra
from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.cash import COLLECTED_FEES
from apps.reports.metrics.declaration import Item, Metric, Ratio, total
from apps.reports.metrics.dimensions import MATTER_LIKE, PEOPLE

_NEEDS = frozenset({Extra.COST_AND_PROFIT})


def _less(measure: Measure) -> Measure:
    """Return the measure to be taken off instead of added."""
    return replace(measure, key=f"less_{measure.key}", expression=f"-{measure.expression}")


@dataclass(frozen=True, slots=True)
class _Book:
    """The sums matter profitability is made of, over one span of time: suffix of their keys and their sources."""

    suffix: str
    costed: Source
    collected: Source
    billed: Source
    worked: Source
    spent: Source

    def sum(self, key: str, source: Source, column: str, condition: str) -> Measure:
        """Return a sum of one source."""
        expression = f"coalesce(sum(r.{column}) FILTER (WHERE {condition}), 0)"
        return Measure(f"{key}_{self.suffix}", source, expression)

    def hours_of(self, key: str, column: str, condition: str) -> Measure:
        """Return a sum of what is kept per second."""
        measure = self.sum(key, self.costed, column, condition)
        return replace(measure, expression=f"{measure.expression} / 3600")

    def basis(self, name: str, revenue: Measure, added: Measure, off: tuple[Measure, ...]) -> dict[str, Item]:
        """Return the items of one basis: revenue, unrecovered expenses, profit, its margin, and by the hour."""
        cost, hours = self.hours_of("matter_cost", "cost", self._on_matter), self._hours()
        profit = (revenue, _less(cost), _less(added), *off)
        unrecovered = (added, *(_less(each) for each in off))
        return {
            name: total(revenue, unit=Unit.MONEY),
            f"{name}_unrecovered": total(*unrecovered, unit=Unit.MONEY),
            f"{name}_profit": total(*profit, unit=Unit.MONEY),
            f"{name}_margin": Ratio(over=profit, under=(revenue,)),
            f"{name}_per_hour": Ratio(over=profit, under=(hours,), unit=Unit.MONEY),
        }

    def items(self) -> dict[str, Item]:
        """Return all items of the metric."""
        spent = self.sum("matter_spent", self.spent, "value", "true")
        absorbed = self.sum("matter_absorbed", self.spent, "value", "NOT r.is_billable")
        recovered = self.sum("matter_recovered", self.collected, "net", "r.item = 'expense'")
        charged = self.sum("matter_charged", self.billed, "net", "r.item = 'expense'")
        collected = self.sum("matter_collected", self.collected, "net", "r.item = 'fee'")
        billed = self.sum("matter_billed", self.billed, "net", "r.item = 'fee'")
        worked = self.sum("matter_worked", self.worked, "value", "true")
        cost = self.hours_of("matter_cost", "cost", self._on_matter)
        return {
            **self.basis("collected", collected, spent, (recovered,)),
            **self.basis("billed", billed, spent, (charged,)),
            **self.basis("worked", worked, absorbed, ()),
            "cost": total(cost, unit=Unit.MONEY),
            "hours": total(self._hours(), unit=Unit.HOURS),
            "uncosted_entries": total(self.uncosted(), unit=Unit.COUNT),
        }

    def uncosted(self) -> Measure:
        """Return how many entries have no known cost."""
        return self.sum("matter_uncosted", self.costed, "entries", f"r.is_uncosted AND {self._on_matter}")

    def _hours(self) -> Measure:
        return self.hours_of("matter_hours", "seconds", self._on_matter)

    @property
    def _on_matter(self) -> str:
        return "r.has_matter"


_PERIOD = _Book(
    "of_period",
    Source.COSTED,
    Source.MATTERS_COLLECTED,
    Source.MATTERS_BILLED,
    Source.MATTERS_WORKED,
    Source.MATTERS_SPENT,
)
_TO_DATE = _Book(
    "to_date",
    Source.COSTED_TO_DATE,
    Source.MATTERS_COLLECTED_TO_DATE,
    Source.MATTERS_BILLED_TO_DATE,
    Source.MATTERS_WORKED_TO_DATE,
    Source.MATTERS_SPENT_TO_DATE,
)
_COST = Measure("hours_cost", Source.COSTED, "coalesce(sum(r.cost), 0) / 3600")
_HOURS = Measure("all_hours", Source.COSTED, "coalesce(sum(r.seconds), 0) / 3600")
_COSTED_HOURS = Measure(
    "costed_hours", Source.COSTED, "coalesce(sum(r.seconds) FILTER (WHERE NOT r.is_uncosted), 0) / 3600"
)
_UNCOSTED = Measure("uncosted_entries", Source.COSTED, "coalesce(sum(r.entries) FILTER (WHERE r.is_uncosted), 0)")
_PAID = Measure("paid_cost", Source.PAID_DAYS, "coalesce(sum(r.cost), 0)")
_OTHERS = Measure("others_hours", Source.RANKED, "coalesce(sum(r.seconds) FILTER (WHERE NOT r.is_partner), 0) / 3600")
_PARTNERS = Measure("partner_hours", Source.RANKED, "coalesce(sum(r.seconds) FILTER (WHERE r.is_partner), 0) / 3600")
_BASES = (
    "Revenue is fees collected; beside it the same by fees billed and by the value of the work. Cost is every hour "
    "recorded on the matter, non-billable ones too, at the cost rate of the day. What was spent on the matter and not "
    "recovered comes off; more recovered than spent adds to it. By value of the work only non-billable expenses do. "
    "The margin is of the revenue of its basis. Cost is in the firm's currency, whatever a matter is billed in."
)
_OUT = "Hours, money and expenses without a matter; tax, interest and unreconciled amounts."

COST_RATES = Metric(
    key="K28",
    name="cost_rates",
    title="Cost of hours",
    question="What does an hour cost us, and what do we pay for that nobody works?",
    formula="(pay + benefits + overhead) / expected hours a year; unabsorbed = cost of days - cost of recorded hours",
    date_basis="date of the work; cost of the days: calendar day",
    dims=PEOPLE,
    definition=(
        "The rate is what recorded hours cost at the rates of their days, over those hours. A year's cost runs evenly "
        "over the days of the year on which the person has capacity; what recorded hours do not absorb of it is shown "
        "on its own, and not put on clients' work."
    ),
    excludes="People and days without a cost rate. Flat-rate and contingency-fee entries count no hours.",
    follows="ILTA (Holdredge), Law firm profitability part 3: expected hours, not billable ones.",
    items={
        "rate": Ratio(over=(_COST,), under=(_COSTED_HOURS,), unit=Unit.MONEY),
        "cost": total(_PAID, unit=Unit.MONEY),
        "absorbed": total(_COST, unit=Unit.MONEY),
        "unabsorbed": total(_PAID, _less(_COST), unit=Unit.MONEY),
        "uncosted_entries": total(_UNCOSTED, unit=Unit.COUNT),
    },
    needs=_NEEDS,
)
MATTER_PROFIT = Metric(
    key="K29",
    name="matter_profit",
    title="Matter profitability",
    question="Did this matter pay so far?",
    formula="fees - hours x cost rate - (expenses incurred - recovered); margin = profit / fees",
    date_basis="as of the period's end: all work, money and expenses dated up to it",
    dims=MATTER_LIKE,
    definition=f"From the matter's beginning. {_BASES}",
    excludes=_OUT,
    follows="PerformLaw, Measuring client profitability; BigHand BI Profit; here cost goes to every hour.",
    items=_TO_DATE.items(),
    has_months=False,
    needs=_NEEDS,
)
MATTER_PROFIT_OF_PERIOD = Metric(
    key="K29.period",
    name="matter_profit_of_period",
    title="Matter profitability of a period",
    question="What did matters bring in this time?",
    formula="fees - hours x cost rate - (expenses incurred - recovered), each part of the period",
    date_basis="each part its own: payment's allocation, issue date, date of the work",
    dims=MATTER_LIKE,
    definition=f"Each part by its own date in the period. {_BASES}",
    excludes=_OUT,
    follows="PerformLaw, Measuring client profitability; BigHand BI Profit; here cost goes to every hour.",
    items=_PERIOD.items(),
    needs=_NEEDS,
)
CONTRIBUTION = Metric(
    key="K30",
    name="contribution",
    title="Timekeeper contribution",
    question="What do people bring beyond what their hours cost?",
    formula="collected fees of own lines - own hours x cost rate; leverage = hours of others / hours of partners",
    date_basis="payment's allocation; date of the work",
    dims=PEOPLE,
    definition=(
        "Fees collected on a person's own lines, less all their recorded hours at the cost rates of the days. Leverage "
        "is of recorded hours, in percent: 250 means two and a half hours of others to one of a partner."
    ),
    excludes="Expenses, tax, interest. Flat-rate and contingency-fee entries count no hours.",
    follows="ILTA (Holdredge), Law firm profitability part 3.",
    items={
        "contribution": total(COLLECTED_FEES, _less(_COST), unit=Unit.MONEY),
        "collected": total(COLLECTED_FEES, unit=Unit.MONEY),
        "cost": total(_COST, unit=Unit.MONEY),
        "hours": total(_HOURS, unit=Unit.HOURS),
        "leverage": Ratio(over=(_OTHERS,), under=(_PARTNERS,)),
        "uncosted_entries": total(_UNCOSTED, unit=Unit.COUNT),
    },
    needs=_NEEDS,
)
