"""K7, K11 and K18: what work was worth, and what became of it. All by the date of the work."""

from apps.core.access import Extra
from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Figures, MarkRule, Metric, Ratio, total
from apps.reports.metrics.dimensions import TIME_LIKE
from apps.reports.metrics.time import BILLABLE, NON_BILLABLE

WORKED = Measure("worked_value", Source.WORKED, "coalesce(sum(r.value), 0)")
STANDARD = Measure("standard_value", Source.WORKED, "coalesce(sum(r.standard), 0) / 3600")
PRICED_WORKED = Measure("priced_worked", Source.WORKED, "coalesce(sum(r.value) FILTER (WHERE r.is_priced), 0)")
PRICED_STANDARD = Measure(
    "priced_standard", Source.WORKED, "coalesce(sum(r.standard) FILTER (WHERE r.is_priced), 0) / 3600"
)
WORKED_AND_BILLED = Measure("worked_and_billed", Source.WORKED, "coalesce(sum(r.billed_value), 0)")
BILLED_OF_WORK = Measure("billed_of_work", Source.WORK_BILLED, "coalesce(sum(r.net), 0)")
COLLECTED_OF_WORK = Measure("collected_of_work", Source.WORK_COLLECTED, "coalesce(sum(r.net), 0)")
COLLECTED_OF_PRICED = Measure(
    "collected_of_priced", Source.WORK_COLLECTED, "coalesce(sum(r.net) FILTER (WHERE r.is_priced), 0)"
)

WORKED_VALUE = Metric(
    key="K7",
    name="worked_value",
    title="Worked value, standard value, rate realization",
    question="What was the work worth, and what did agreed discounts off standard rates cost?",
    formula="worked = value of billable entries; standard = billable hours x standard rate; rate = worked / standard",
    date_basis="date of the work",
    dims=TIME_LIKE,
    definition=(
        "Worked value is what Clio prices a billable entry at; standard value is its hours at the timekeeper's "
        "standard rate. Flat-rate and contingency-fee entries count their own value on both sides. The standard rate "
        "is the one of the day: as the firm keeps it, before that as Clio had it; in the currency of the entry."
    ),
    excludes="Non-billable time. Entries whose value, hours or rate is not known leave both sides of the rate.",
    follows="AccountingTools, Realization rate.",
    items={
        "worked": total(WORKED, unit=Unit.MONEY),
        "standard": total(STANDARD, unit=Unit.MONEY),
        "rate": Ratio(over=(PRICED_WORKED,), under=(PRICED_STANDARD,)),
    },
    items_need={"standard": Extra.RATES, "rate": Extra.RATES},
)


def _is_maturing(figures: Figures) -> bool:
    maturity = figures["maturity"]
    return maturity is not None and maturity < 90


WORK_DATE_FUNNEL = Metric(
    key="K11",
    name="work_date_funnel",
    title="Work-date funnel",
    question="What became of the work done in that time?",
    formula="hours captured -> worked value -> billed of those entries -> collected of those entries",
    date_basis="date of the work throughout; bills and payments up to today",
    dims=TIME_LIKE,
    definition=(
        "What time entries of the period were worth, what approved bills charge for them, and what was paid for them "
        "by today. Maturity is the share of their worked value that is on approved bills: below 90% the period is "
        "still maturing. Hours are one figure over all currencies."
    ),
    excludes="Expenses, hand-typed lines, tax. Entries whose value Clio hides are in none of the amounts.",
    follows="Comparable with Clio's Firm Dashboard and the Legal Trends Report.",
    items={
        "captured": total(BILLABLE, NON_BILLABLE, unit=Unit.HOURS),
        "worked": total(WORKED, unit=Unit.MONEY),
        "billed": total(BILLED_OF_WORK, unit=Unit.MONEY),
        "collected": total(COLLECTED_OF_WORK, unit=Unit.MONEY),
        "billed_rate": Ratio(over=(BILLED_OF_WORK,), under=(WORKED,)),
        "collected_rate": Ratio(over=(COLLECTED_OF_WORK,), under=(BILLED_OF_WORK,)),
        "maturity": Ratio(over=(WORKED_AND_BILLED,), under=(WORKED,)),
    },
    marks=(MarkRule("still_maturing", "maturity", "Less than 90% of this work is billed yet.", _is_maturing),),
)
OVERALL_REALIZATION = Metric(
    key="K18",
    name="overall_realization",
    title="Overall realization",
    question="How much of what the time was worth came in?",
    formula="collected of the period's time entries / their worked value; or / their standard value",
    date_basis="date of the work; payments up to today",
    dims=TIME_LIKE,
    definition="Cash set against what the work was worth, entry by entry, as in the work-date funnel (K11).",
    excludes="Expenses, hand-typed lines, tax; entries whose value, or for the standard one whose rate, is not known.",
    follows="Cotterman, A review of realization (2010): realization in its widest sense.",
    items={
        "rate": Ratio(over=(COLLECTED_OF_WORK,), under=(WORKED,)),
        "of_standard": Ratio(over=(COLLECTED_OF_PRICED,), under=(PRICED_STANDARD,)),
    },
    items_need={"of_standard": Extra.RATES},
)
