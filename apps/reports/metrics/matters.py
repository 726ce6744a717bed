"""K34 to K36: matters opened, closed and open, how long they take, what they bring."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, Ratio, Statistic, total
from apps.reports.metrics.dimensions import MATTER_LIKE

OPENED = Measure("matters_opened", Source.MATTERS_OPENED, "coalesce(sum(r.entries), 0)")
CLOSED = Measure("matters_closed", Source.MATTERS_CLOSED, "count(r.matter_id)")
_LESS_CLOSED = Measure("matters_less_closed", Source.MATTERS_CLOSED, "-count(r.matter_id)")
OPEN = Measure("matters_open", Source.MATTERS, "count(*) FILTER (WHERE r.is_open)")
_FEES = Measure("closed_matters_fees", Source.CLOSED_MATTERS_FEES, "coalesce(sum(r.net), 0)")


def _days(key: str, source: Source, column: str, condition: str = "true") -> dict[str, Statistic]:
    """Return median, mean and 90th percentile of a column's days."""
    aggregates = {
        "median": f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {column})",
        "mean": f"avg({column})",
        "p90": f"percentile_cont(0.9) WITHIN GROUP (ORDER BY {column})",
    }
    return {
        f"{key}_{name}": Statistic(Measure(f"{key}_{name}", source, f"{each} FILTER (WHERE {condition})"), Unit.DAYS)
        for name, each in aggregates.items()
    }


MATTER_COUNTS = Metric(
    key="K34",
    name="matters",
    title="Matters opened, closed, open",
    question="How many matters come, go and stand?",
    formula="count by opening date; count of closed ones by closing date; open ones on the day; closed / opened",
    date_basis="opening date; closing date; open: as of the period's end",
    dims=MATTER_LIKE,
    definition=(
        "A matter without an opening date counts from the day it was made in Clio, a pending one not until it is "
        "opened. Closed needs the status and a date. Open on a day: opened by then and neither closed nor pending by "
        "then; a closed or pending matter without the date of it was never open."
    ),
    excludes="Reopened matters lose their closing date in Clio, so they are not counted as closed any more.",
    items={
        "opened": total(OPENED, unit=Unit.COUNT),
        "closed": total(CLOSED, unit=Unit.COUNT),
        "net": total(OPENED, _LESS_CLOSED, unit=Unit.COUNT),
        "clearance": Ratio(over=(CLOSED,), under=(OPENED,)),
        "open": total(OPEN, unit=Unit.COUNT),
    },
)
MATTER_DAYS = Metric(
    key="K35",
    name="matter_days",
    title="Matter duration and age",
    question="How long do matters take, and how old are the open ones?",
    formula="closing date - opening date of matters closed in the period; day - opening date of open ones",
    date_basis="closing date; age and days in stage: as of the period's end",
    dims=MATTER_LIKE,
    definition=(
        "Median, mean and 90th percentile, each matter counting the same. The opening date is K34's. Days in stage "
        "are of open matters, since they came to the stage they are in today."
    ),
    excludes="From duration: matters closed before they were opened.",
    items={
        **_days("duration", Source.MATTERS_CLOSED, "r.lasted"),
        **_days("age", Source.MATTERS, "r.age", "r.is_open"),
        **_days("in_stage", Source.MATTERS, "r.in_stage", "r.is_open"),
    },
)
_STAYS = "(ORDER BY r.stayed)"
STAGE_DAYS = Metric(
    key="K35.stages",
    name="stage_days",
    title="Days in stage",
    question="How long do matters stay in a stage, and how long have the open ones been in theirs?",
    formula="day of leaving a stage - day of coming to it; day - day of coming to today's stage, of open matters",
    date_basis="left: the day the stage was left; open ones: as of the period's end",
    dims=MATTER_LIKE,
    definition=(
        "Stays that ended in the period, under the stage that was left: from the day a matter was first seen in it to "
        "the day it came to the next; the last change is dated by Clio. Beside them the days that matters open on the "
        "day have been in the stage they are in today. Median and mean, each stay or matter counting the same."
    ),
    excludes="Stays that had begun before we first looked at the firm: nobody knows when. Matters without a stage.",
    items={
        "left_median": Statistic(
            Measure("stayed_median", Source.STAGE_STAYS, f"percentile_cont(0.5) WITHIN GROUP {_STAYS}"), Unit.DAYS
        ),
        "left_mean": Statistic(Measure("stayed_mean", Source.STAGE_STAYS, "avg(r.stayed)"), Unit.DAYS),
        "left": total(Measure("stays_left", Source.STAGE_STAYS, "count(r.stayed)"), unit=Unit.COUNT),
        **{
            name: item
            for name, item in _days("in_stage", Source.MATTERS, "r.in_stage", "r.is_open").items()
            if not name.endswith("p90")
        },
        "in_stage": total(
            Measure("matters_in_stage", Source.MATTERS, "count(r.in_stage) FILTER (WHERE r.is_open)"), unit=Unit.COUNT
        ),
    },
)
REVENUE_PER_MATTER = Metric(
    key="K36",
    name="revenue_per_matter",
    title="Revenue per matter (case value)",
    question="What did a matter bring by the time it was closed?",
    formula="fees collected from the beginning up to today on matters closed in the period / their number",
    date_basis="closing date; payments up to today",
    dims=MATTER_LIKE,
    definition="Fees collected on matters closed in the period, whenever they were paid, over the number of matters.",
    excludes="Expenses, tax, interest; money in other currencies, though its matters are counted.",
    follows="Clio, Law firm KPIs from the Legal Trends Report.",
    items={
        "average": Ratio(over=(_FEES,), under=(CLOSED,), unit=Unit.MONEY),
        "collected": total(_FEES, unit=Unit.MONEY),
        "matters": total(CLOSED, unit=Unit.COUNT),
    },
)
