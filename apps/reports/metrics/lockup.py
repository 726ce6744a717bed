"""K25 and K26: for how many days of business money is owed or work lies unbilled."""

from apps.reports.contracts import Dimension, Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, Ratio

_BY = frozenset({Dimension.CLIENT, Dimension.PRACTICE_AREA, Dimension.RESPONSIBLE})


def _owing(key: str, amount: str, days: str) -> Measure:
    expression = f"coalesce(sum(({amount}) * {days}) FILTER (WHERE r.balance > 0), 0)"
    return Measure(key, Source.RECEIVABLE, expression)


def _unbilled(key: str, days: str) -> Measure:
    kinds = "r.unbilled_as IN ('fees', 'expenses')"
    return Measure(key, Source.UNBILLED, f"coalesce(sum(r.value * {days}) FILTER (WHERE {kinds}), 0)")


_WITHOUT_INTEREST = "r.visible - r.visible_interest"
_NET = "r.visible - r.visible_interest - r.visible_tax"
_OWED_DAYS = _owing("owed_days", _WITHOUT_INTEREST, "r.days_known")
_BILLED = Measure("billed_year", Source.BILLED_YEAR, "coalesce(sum(r.net + r.taxes), 0)")
_UNBILLED_DAYS = _unbilled("unbilled_days", "r.days_known")
_NET_DAYS = _owing("net_owed_days", _NET, "r.days_known")
_COLLECTED = Measure("collected_year", Source.COLLECTED_YEAR, "coalesce(sum(r.net), 0)")
_UNBILLED_YEAR = _unbilled("unbilled_by_year", "365")
_NET_YEAR = _owing("net_owed_by_year", _NET, "365")
_COLLECTED_BEFORE = Measure("collected_fiscal_year", Source.COLLECTED_FISCAL_YEAR, "coalesce(sum(r.net), 0)")


def _days(under: Measure, *over: Measure) -> Ratio:
    return Ratio(over=over, under=(under,), unit=Unit.DAYS)


DAYS_OF_RECEIVABLES = Metric(
    key="K25",
    name="days_of_receivables",
    title="Days of receivables (DSO)",
    question="How many days of billing are still owed to us?",
    formula="accounts receivable / billed with tax in the 365 days up to the day x 365",
    date_basis="as of the period's end; billed by issue date",
    dims=_BY,
    definition=(
        "What approved bills owe without interest, over what was billed with tax in the 365 days that end on the day. "
        "With less than 365 days since the firm's first entry or bill the days there are count, from 90 on."
    ),
    excludes="Interest and overpaid bills. No figure before 90 days of history, or where nothing was billed.",
    follows="Satkunas, How healthy is your inventory? (2008); EESPA glossary, DSO.",
    items={"days": _days(_BILLED, _OWED_DAYS)},
    has_months=False,
)
LOCKUP = Metric(
    key="K26",
    name="lockup",
    title="Lockup",
    question="How many days of cash are tied up in work not billed and bills not paid?",
    formula="(work in progress + receivables without tax and interest) / collected in the 365 days up to the day x 365",
    date_basis="as of the period's end; collected by the payment's allocation date",
    dims=_BY,
    definition=(
        "Work in progress (K22) and what approved bills owe of fees, expenses and unreconciled amounts, each over what "
        "was collected (K15) in the 365 days that end on the day; with less history over the days there are, from 90 "
        "on. Clio's basis divides by the fiscal year before the day's own instead: use that one beside its benchmarks."
    ),
    excludes="Contingency fees, tax, interest, overpaid bills.",
    follows="Legal Trends Report as reported by lawofnew.com and cpn-legal.com (Clio's basis).",
    items={
        "total": _days(_COLLECTED, _UNBILLED_DAYS, _NET_DAYS),
        "unbilled": _days(_COLLECTED, _UNBILLED_DAYS),
        "receivable": _days(_COLLECTED, _NET_DAYS),
        "clio_total": _days(_COLLECTED_BEFORE, _UNBILLED_YEAR, _NET_YEAR),
        "clio_unbilled": _days(_COLLECTED_BEFORE, _UNBILLED_YEAR),
        "clio_receivable": _days(_COLLECTED_BEFORE, _NET_YEAR),
    },
    has_months=False,
)
