"""K39 to K41: money held in trust, whether it is enough, and what is wrong with it."""

from apps.core.access import Extra
from apps.reports.contracts import Dimension, Measure, Source, Unit
from apps.reports.metrics.balances import RECEIVABLE, UNBILLED_EXPENSES, UNBILLED_FEES
from apps.reports.metrics.declaration import Metric, Ratio, Statistic, total

_MATTERS = frozenset(
    {
        Dimension.MATTER,
        Dimension.CLIENT,
        Dimension.PRACTICE_AREA,
        Dimension.RESPONSIBLE,
        Dimension.ORIGINATING,
        Dimension.STATUS,
    }
)
_TRUST = frozenset({Extra.TRUST})


def _held(key: str, expression: str) -> Measure:
    return Measure(key, Source.TRUST, f"coalesce({expression}, 0)")


def _moved(key: str, amount: str) -> Measure:
    return Measure(key, Source.TRUST_MOVED, f"coalesce(sum({amount}), 0)")


def _by_matter(key: str, amount: str, condition: str = "true") -> Measure:
    return Measure(key, Source.TRUST_BY_MATTER, f"coalesce(sum({amount}) FILTER (WHERE {condition}), 0)")


HELD = _held("trust_held", "sum(r.amount)")
_OF_MATTERS = _held("trust_of_matters", "sum(r.of_matters)")
_OF_CLIENTS = _held("trust_of_clients", "sum(r.amount) - coalesce(sum(r.of_matters), 0)")
_LESS_HELD = _held("trust_less_held", "-sum(r.amount)")
_HAS_MINIMUM = "r.minimum IS NOT NULL AND r.matter_id IS NOT NULL"
# What the floors of K39 to K41 are worked out from, matter by matter.
SIDES = {
    Measure(f"trust_side_{name}", Source.TRUST_BY_MATTER, f"coalesce(sum(r.{name}), 0)"): Unit.MONEY
    for name in ("minimum", "held", "unbilled", "owed")
}
_MINIMUM = Measure("trust_minimum", Source.TRUST_MINIMUMS, "coalesce(sum(r.minimum), 0)")

BALANCE = Metric(
    key="K39",
    name="trust_balance",
    title="Trust balance",
    question="What do we hold in trust?",
    formula="money in - money out of trust accounts up to the day",
    date_basis="as of the period's end, by the date of the transaction",
    dims=_MATTERS | {Dimension.BANK_ACCOUNT},
    definition=(
        "Movements on trust accounts up to the day. Money of matters and money of clients without a matter stand "
        "apart. It is no revenue, no receivable and no cash of the firm."
    ),
    excludes="Operating accounts.",
    follows="Clio, Trust management.",
    items={
        "total": total(HELD, unit=Unit.MONEY),
        "of_matters": total(_OF_MATTERS, unit=Unit.MONEY),
        "of_clients": total(_OF_CLIENTS, unit=Unit.MONEY),
    },
    has_months=False,
    needs=_TRUST,
)
MOVEMENTS = Metric(
    key="K39.moves",
    name="trust_movements",
    title="Trust movements",
    question="What went into trust, and what out of it?",
    formula="money in; money out; in - out",
    date_basis="date of the transaction",
    dims=_MATTERS | {Dimension.BANK_ACCOUNT, Dimension.TRANSACTION},
    definition="Movements on trust accounts in the period, by matter and client like the balance they lead to.",
    excludes="Operating accounts.",
    follows="Clio, Trust management.",
    items={
        "net": total(_moved("trust_moved", "r.amount"), unit=Unit.MONEY),
        "funds_in": total(_moved("trust_in", "r.funds_in"), unit=Unit.MONEY),
        "funds_out": total(_moved("trust_out", "r.funds_out"), unit=Unit.MONEY),
    },
    needs=_TRUST,
)
EXPOSURE = Metric(
    key="K39.exposure",
    name="trust_exposure",
    title="Net exposure",
    question="What would we lose beyond the money we hold in trust?",
    formula="work in progress + receivables - trust; unfunded: the same matter by matter, none below zero",
    date_basis="as of the period's end",
    dims=_MATTERS,
    definition="Unbilled work (K22) and receivables (K23) less what is held in trust (K39).",
    excludes="Contingency fees, overpaid bills.",
    items={
        "net": total(UNBILLED_FEES, UNBILLED_EXPENSES, RECEIVABLE, _LESS_HELD, unit=Unit.MONEY),
        "unfunded": total(
            _by_matter("trust_unfunded", "greatest(r.unbilled + r.owed - r.held, 0)", "r.matter_id IS NOT NULL"),
            unit=Unit.MONEY,
        ),
    },
    has_months=False,
    needs=_TRUST,
)
BELOW_MINIMUM = Metric(
    key="K40",
    name="trust_minimum",
    title="Trust below minimum (evergreen)",
    question="Which matters hold less in trust than agreed?",
    formula="minimum - balance of the matter, not below zero; after billing: with unbilled work and receivables paid",
    date_basis="as of the period's end",
    dims=_MATTERS,
    definition=(
        "Matters with a minimum in Clio, from their opening on. Only the matter's own money counts; what its client "
        "holds without a matter is shown as available to move."
    ),
    excludes="Matters without a minimum.",
    follows="Clio, Trust management; Evergreen.",
    items={
        "shortfall": total(
            _by_matter("trust_shortfall", "greatest(r.minimum - r.held, 0)", _HAS_MINIMUM), unit=Unit.MONEY
        ),
        "shortfall_after_billing": total(
            _by_matter(
                "trust_shortfall_after", "greatest(r.minimum - (r.held - r.owed - r.unbilled), 0)", _HAS_MINIMUM
            ),
            unit=Unit.MONEY,
        ),
        "minimum": total(_MINIMUM, unit=Unit.MONEY),
        "held": total(_by_matter("trust_held_with_minimum", "r.held", _HAS_MINIMUM), unit=Unit.MONEY),
        "matters_below": total(
            Measure(
                "trust_matters_below",
                Source.TRUST_BY_MATTER,
                f"count(*) FILTER (WHERE {_HAS_MINIMUM} AND r.held < r.minimum)",
            ),
            unit=Unit.COUNT,
        ),
        "available": total(_OF_CLIENTS, unit=Unit.MONEY),
    },
    has_months=False,
    needs=_TRUST,
)


def _ledgers(ledger: str) -> Statistic:
    expression = f"count(*) FILTER (WHERE r.ledger = '{ledger}')"
    return Statistic(Measure(f"trust_{ledger}s_below_zero", Source.TRUST_BELOW_ZERO, expression), Unit.COUNT)


def _resting(key: str, condition: str) -> Measure:
    return Measure(key, Source.TRUST_RESTING, f"coalesce(sum(r.held) FILTER (WHERE {condition}), 0)")


def _requested(key: str, expression: str) -> Measure:
    return Measure(key, Source.TRUST_REQUESTED, expression)


_REQUESTED = _requested("trust_requested", "coalesce(sum(r.open), 0)")
_REQUESTED_DAYS = _requested("trust_requested_days", "coalesce(sum(r.open * r.age), 0)")

RISK = Metric(
    key="K41",
    name="trust_risk",
    title="Trust risk",
    question="What is wrong with the money we hold in trust?",
    formula=(
        "ledgers below zero on a day; money on closed matters; money unmoved in 12 months; requests unpaid; "
        "owed while held"
    ),
    date_basis="below zero: any day of the period; the rest as of its end",
    dims=_MATTERS,
    definition=(
        "Ledgers of matters, and of clients with all their matters, that stood below zero at the end of any day of the "
        "period, and the lowest balance among them. Money held on matters closed by the day, and on ledgers without a "
        "movement in 12 months. Trust requests still unpaid: their number, what is open of them, its age in days since "
        "issue weighted by money, and the oldest. Owed while held is, matter by matter, the smaller of what bills owe "
        "and what is held."
    ),
    follows="ABA Model Rules on client trust account records: no client ledger below zero.",
    items={
        "matters_below_zero": _ledgers("matter"),
        "clients_below_zero": _ledgers("client"),
        "lowest": Statistic(Measure("trust_lowest", Source.TRUST_BELOW_ZERO, "min(r.lowest)"), Unit.MONEY),
        "on_closed_matters": total(_resting("trust_on_closed", "r.is_closed"), unit=Unit.MONEY),
        "resting": total(_resting("trust_resting", "r.is_resting"), unit=Unit.MONEY),
        "requests_unpaid": total(_requested("trust_requests", "count(*)"), unit=Unit.COUNT),
        "requested_unpaid": total(_REQUESTED, unit=Unit.MONEY),
        "requested_age": Ratio(over=(_REQUESTED_DAYS,), under=(_REQUESTED,), unit=Unit.DAYS),
        "requested_oldest": Statistic(_requested("trust_requested_oldest", "max(r.age)"), Unit.DAYS),
        "owed_while_held": total(
            _by_matter(
                "trust_owed_while_held",
                "least(r.owed, r.held)",
                "r.matter_id IS NOT NULL AND r.owed > 0 AND r.held > 0",
            ),
            unit=Unit.MONEY,
        ),
    },
    needs=_TRUST,
)
