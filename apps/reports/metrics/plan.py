"""K4 and K44: what people and the firm planned, and how far they are."""

from dataclasses import replace

from apps.reports.contracts import Dimension, Measure, Source, Unit
from apps.reports.metrics.billing import BILLED
from apps.reports.metrics.cash import COLLECTED_EXPENSES, COLLECTED_FEES, COLLECTED_UNRECONCILED
from apps.reports.metrics.declaration import Item, Metric, Ratio, total
from apps.reports.metrics.dimensions import PEOPLE
from apps.reports.metrics.time import BILLABLE


def _of_people(key: str, expression: str) -> Measure:
    return Measure(key, Source.TARGET_HOURS, f"CASE WHEN %(has_people)s THEN coalesce({expression}, 0) / 3600 END")


def _less(*measures: Measure) -> tuple[Measure, ...]:
    """Return the measures to be taken off instead of added."""
    return tuple(replace(each, key=f"less_{each.key}", expression=f"-({each.expression})") for each in measures)


_DONE = _of_people("hours_on_target", "sum(r.seconds) FILTER (WHERE r.target > 0)")
_TARGET = _of_people("target_hours", "sum(r.target)")
_TO_DATE = _of_people("target_hours_to_date", "sum(r.target_to_date)")
_DAYS_LEFT = Measure("days_left", Source.TARGET_HOURS, "coalesce(max(r.days_left), 0)")
_MATTERS = Measure("matters_brought", Source.MATTERS_BROUGHT, "coalesce(sum(r.entries), 0)")
_COLLECTED = (COLLECTED_FEES, COLLECTED_EXPENSES, COLLECTED_UNRECONCILED)

_TIME, _LINES = (Source.PLAN_TIME, Source.PLANNED_TIME), (Source.PLAN_BILLED, Source.PLANNED_BILLED)
_MONEY = (Source.PLAN_COLLECTED, Source.PLANNED_COLLECTED)
_OPENED = (Source.MATTERS_BROUGHT, Source.PLANNED_MATTERS)


def _target(measure: str, divisor: str = "") -> Measure:
    """Return the sum of targets; without any there is none."""
    expression = f"sum(r.target) FILTER (WHERE r.measure = '{measure}'){divisor}"
    return Measure(f"plan_of_{measure}", Source.PLAN, expression)


def _of(source: Source, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """Return the measures over the rows of whom targets are about."""
    return tuple(replace(each, key=f"{source}_{each.key}", source=source) for each in measures)


def _beside(
    name: str, actual: tuple[Measure, ...], sources: tuple[Source, Source], target: Measure, unit: Unit
) -> dict[str, Item]:
    """Return what was done by whom targets are about, and beside the targets what was done by who has one."""
    done, planned = sources
    variance = (*_of(planned, actual), *_less(target))
    return {
        name: total(*_of(done, actual), unit=unit),
        f"{name}_target": total(target, unit=unit),
        f"{name}_variance": total(*variance, unit=unit),
        f"{name}_percent": Ratio(over=variance, under=(target,)),
    }


TARGET_ATTAINMENT = Metric(
    key="K4",
    name="target_attainment",
    title="Target attainment",
    question="Are people on plan?",
    formula="billable hours / target hours",
    date_basis="date of the work; targets by the working days of their month",
    dims=PEOPLE,
    definition=(
        "Billable hours (K1) of people with a target, over their target hours. A month's target is spread evenly over "
        "the firm's working days, so a part of a month takes its part. Attainment is of the whole period asked for, "
        "days to come included; pace is of its days up to today. What is needed is what lacks by the end, for each "
        "working day after today."
    ),
    excludes="People without target hours in the period leave both sides. On the last day nothing is needed any more.",
    follows="Rocket Matter, Productivity per user, which calls it utilization.",
    items={
        "attainment": Ratio(over=(_DONE,), under=(_TARGET,)),
        "pace": Ratio(over=(_DONE,), under=(_TO_DATE,)),
        "hours": total(_DONE, unit=Unit.HOURS),
        "target": total(_TARGET, unit=Unit.HOURS),
        "target_to_date": total(_TO_DATE, unit=Unit.HOURS),
        "needed_per_day": Ratio(over=(_TARGET, *_less(_DONE)), under=(_DAYS_LEFT,), unit=Unit.HOURS),
    },
)
PLAN_VARIANCE = Metric(
    key="K44",
    name="plan_variance",
    title="Budget and actual",
    question="How far are we from what we planned?",
    formula="actual - target; percent = (actual - target) / target",
    date_basis="date of the work, issue date, payment's allocation, opening date; targets by working days up to today",
    dims=frozenset({Dimension.TIMEKEEPER, Dimension.PRACTICE_AREA}),
    definition=(
        "Billable hours, revenue billed, revenue collected and matters opened beside their targets, of the firm, or by "
        "practice area or person where they are told apart. A person's new matters are those they originated; a "
        "person's target for hours is their target hours (K4). Months in part take their part of the working days. "
        "Variance and percent are of the people or areas that have such a target in the period. Who sees a part of "
        "the firm is shown the plans, and the work, of the people they see all of, or else of such practice areas."
    ),
    excludes=(
        "Targets of people and practice areas do not add up to the firm's, nor have to. Work of colleagues on one's "
        "own matters, and parts of a person's or an area's work. Without a target there is no variance."
    ),
    items={
        **_beside("hours", (BILLABLE,), _TIME, _target("hours", " / 3600"), Unit.HOURS),
        **_beside("billed", BILLED, _LINES, _target("billed"), Unit.MONEY),
        **_beside("collected", _COLLECTED, _MONEY, _target("collected"), Unit.MONEY),
        **_beside("new_matters", (_MATTERS,), _OPENED, _target("new_matters"), Unit.COUNT),
    },
)
