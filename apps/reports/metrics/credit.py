"""K37 and K38: who is credited with the fees that came in, and how the firm shares them."""

from apps.core.access import Extra
from apps.reports.contracts import Dimension, Measure, Source, Unit
from apps.reports.metrics.cash import COLLECTED_FEES
from apps.reports.metrics.declaration import Metric, Statistic, total

_BY = frozenset({Dimension.TIMEKEEPER, Dimension.CLIENT, Dimension.MATTER, Dimension.PRACTICE_AREA})
_ROLES = ("originating", "responsible")


def _credited(role: str, suffix: str, source: Source) -> Measure:
    expression = f"coalesce(sum(r.amount) FILTER (WHERE r.role = '{role}'), 0)"
    return Measure(f"{role}_{suffix}", source, expression)


def _opened(role: str) -> Measure:
    expression = f"count(DISTINCT r.matter_id) FILTER (WHERE r.role = '{role}')"
    return Measure(f"{role}_opened", Source.CREDITED_MATTERS, expression)


def _share(part: str) -> Measure:
    return Measure(
        f"fee_share_{part}", Source.FEE_SHARES, f"coalesce(sum(r.amount) FILTER (WHERE r.part = '{part}'), 0)"
    )


_COLLECTED = {role: _credited(role, "credit", Source.CREDITED) for role in _ROLES}
_BILLED = {role: _credited(role, "credit_billed", Source.CREDITED_BILLED) for role in _ROLES}
_WORKED, _ORIGINATING, _RESPONSIBLE, _FIRM = map(_share, ("worked", *_ROLES, "firm"))

CREDIT = Metric(
    key="K37",
    name="credit",
    title="Origination and responsible credit",
    question="Whose matters brought the fees?",
    formula="collected fees of a matter x the person's share of the credit on the day",
    date_basis="date of the payment's allocation; billed: issue date; matters: opening date",
    dims=_BY,
    definition=(
        "Fees collected on the matters a person originated, or is responsible for, by the shares the firm keeps for "
        "the matter or its client; without any, all of it to the attorney Clio names, or the share Clio tells. After a "
        "sunset a share is nobody's. Beside it stands what was collected on the person's own work: the same money seen "
        "twice, never to be added. A matter that several share counts for each, and once in the total."
    ),
    excludes="Expenses, tax, interest.",
    follows="LegalClarity, Origination credit; LeanLaw, Originating and responsible credits.",
    items={
        **{role: total(_COLLECTED[role], unit=Unit.MONEY) for role in _ROLES},
        "produced": total(COLLECTED_FEES, unit=Unit.MONEY),
        **{f"{role}_billed": total(_BILLED[role], unit=Unit.MONEY) for role in _ROLES},
        **{f"{role}_matters": Statistic(_opened(role), Unit.COUNT) for role in _ROLES},
    },
)
FEE_SPLIT = Metric(
    key="K38",
    name="fee_split",
    title="Fee split statement",
    question="What is whose share of the fees that came in?",
    formula="collected fees x the firm's percentages for work, origination, responsibility; the rest is the firm's",
    date_basis="date of the payment's allocation",
    dims=_BY | {Dimension.BILL, Dimension.ALLOCATION},
    definition=(
        "Fees collected, shared by the percentages that hold on the day of the allocation: to who did the work of the "
        "line, and by their credit (K37) to who originated the matter and who is responsible for it. What nobody is "
        "credited with and what the percentages leave is the firm's. Every row leads to the allocations behind it."
    ),
    excludes="Expenses, tax, interest.",
    items={
        "total": total(_WORKED, _ORIGINATING, _RESPONSIBLE, unit=Unit.MONEY),
        "worked": total(_WORKED, unit=Unit.MONEY),
        "originating": total(_ORIGINATING, unit=Unit.MONEY),
        "responsible": total(_RESPONSIBLE, unit=Unit.MONEY),
        "firm": total(_FIRM, unit=Unit.MONEY),
    },
    needs=frozenset({Extra.COST_AND_PROFIT}),
)
