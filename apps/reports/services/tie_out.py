"""Set a figure beside Clio's own of the same name, where the mirror has it, and say what lies between them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import from_minor
from apps.core.scope import Scope
from apps.reports.contracts import Period
from apps.reports.contracts.explanation import TieOut
from apps.reports.ledger.tie_out import Compared, compare_billed, compare_collected, compare_receivable


@dataclass(frozen=True, slots=True)
class _Asked:
    firm_id: int
    currency: str
    firms_own: str
    period: Period


def _receivable(asked: _Asked) -> Compared | None:
    if asked.period.ends_on != asked.period.today:
        return None
    return compare_receivable(firm_id=asked.firm_id, currency=asked.currency, today=asked.period.today)


def _billed(asked: _Asked) -> Compared | None:
    first, last = asked.period.starts_on, asked.period.ends_on
    return compare_billed(firm_id=asked.firm_id, currency=asked.currency, first=first, last=last)


def _collected(asked: _Asked) -> Compared | None:
    first, last = asked.period.starts_on, asked.period.ends_on
    return compare_collected(
        firm_id=asked.firm_id, currency=asked.currency, first=first, last=last, firms_own=asked.firms_own
    )


_CLIOS: dict[str, tuple[str, Callable[[_Asked], Compared | None]]] = {
    "receivable.total": ("Balances of approved bills in Clio, today", _receivable),
    "billed.total": ("Due by Clio on the bills issued in the period", _billed),
    "collected.total": ("Payments laid against bills in Clio in the period", _collected),
}


def find_tie_out(*, scope: Scope, item: str, period: Period, currency: str, firms_own: str) -> TieOut | None:
    """Return Clio's figure beside ours for a total of the whole firm; None where Clio has none to compare with.

    item: `receivable.total`. firms_own: the firm's currency. Receivables tie only today: Clio keeps no past ones.
    """
    if item not in _CLIOS or not scope.is_whole_firm:
        return None
    title, compare = _CLIOS[item]
    found = compare(_Asked(scope.firm_id, currency, firms_own, period))
    if found is None:
        return None
    return TieOut(
        title=title,
        ours=_money(found.ours, currency),
        clios=_money(found.clios, currency),
        reasons={reason: _money(amount, currency) for reason, amount in found.reasons.items()},
        unexplained=_money(found.unexplained, currency),
    )


def _money(amount: int, currency: str) -> Decimal:
    return from_minor(amount, currency)
