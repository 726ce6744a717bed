"""Set a figure beside Clio's own of the same name, where the mirror has it, and say what lies between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import from_minor
from apps.core.scope import Scope
from apps.reports.contracts import Measure, Page, Period, Source
from apps.reports.contracts.explanation import TieOut
from apps.reports.ledger.tie_out import Compared, compare_billed, compare_collected, compare_receivable
from apps.reports.queries.sources.reading import Reading
from apps.reports.queries.sums import read_sums

_NET, _TAXES, _INTEREST, _CREDIT = "net", "taxes", "interest", "credit"
_LINES = (
    Measure(_NET, Source.BILLED, "coalesce(sum(r.net), 0)"),
    Measure(_TAXES, Source.BILLED, "coalesce(sum(r.taxes), 0)"),
)


def _paid(key: str, column: str, condition: str) -> Measure:
    expression = f"coalesce(sum(r.{column}) FILTER (WHERE r.kind = 'payment' AND {condition}), 0)"
    return Measure(key, Source.SETTLED, expression)


_PAYMENTS = (
    _paid(_NET, "net", "r.item IN ('fee', 'expense', 'unreconciled')"),
    _paid(_TAXES, "taxes", "true"),
    _paid(_INTEREST, "net", "r.item = 'interest'"),
    _paid(_CREDIT, "net", "r.item = 'credit'"),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    scope: Scope
    currency: str
    firms_own: str
    period: Period

    def ours(self, source: Source, measures: Sequence[Measure]) -> dict[str, Decimal]:
        """Return sums of the ledger over the period."""
        reading = Reading(
            scope=self.scope,
            first=self.period.starts_on,
            last=self.period.ends_on,
            as_of=self.period.today,
            currency=self.currency,
        )
        found, _ = read_sums(reading=reading, needed={source: measures}, page=Page(limit=1))
        sums = found[0].sums if found else {}
        return {measure.key: sums.get(measure.key) or Decimal(0) for measure in measures}


def _receivable(asked: _Asked) -> Compared | None:
    if asked.period.ends_on != asked.period.today:
        return None
    return compare_receivable(firm_id=asked.scope.firm_id, currency=asked.currency, today=asked.period.today)


def _billed(asked: _Asked) -> Compared | None:
    return compare_billed(
        firm_id=asked.scope.firm_id,
        currency=asked.currency,
        first=asked.period.starts_on,
        last=asked.period.ends_on,
        ours=asked.ours(Source.BILLED, _LINES),
    )


def _collected(asked: _Asked) -> Compared | None:
    return compare_collected(
        firm_id=asked.scope.firm_id,
        currency=asked.currency,
        first=asked.period.starts_on,
        last=asked.period.ends_on,
        firms_own=asked.firms_own,
        ours=asked.ours(Source.SETTLED, _PAYMENTS),
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
    found = compare(_Asked(scope, currency, firms_own, period))
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
