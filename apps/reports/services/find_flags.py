"""The faults in the records that figures depend on, to be shown beside them."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.core.scope import Scope
from apps.reports.contracts import LedgerState, QualityFlag
from apps.reports.contracts.quality import CheckKind
from apps.reports.ledger.freshness import READ_FOR
from apps.reports.metrics.declaration import Metric
from apps.reports.queries.ledger_checks import list_unsound
from apps.reports.services.find_standing import Standing

_OF_WORK = frozenset({"activities"})
_OF_BILLS = frozenset({"line_items"})
_OF_MONEY = frozenset({"allocations"})


@dataclass(frozen=True, slots=True)
class _Kind:
    """A fault the ledger's state counts. made_from: entities; figures made from one of them are touched."""

    code: str
    column: str
    text: str
    made_from: frozenset[str]


_KINDS = (
    _Kind(
        "unreconciled_bills",
        "unreconciled_bills",
        "Bills whose lines do not add up to what Clio says is due.",
        _OF_BILLS,
    ),
    _Kind(
        "unbalanced_bills",
        "unbalanced_bills",
        "Bills whose balance is not due less payments and credits.",
        _OF_MONEY,
    ),
    _Kind(
        "hidden_rows",
        "hidden_rows",
        "Entries whose hours or amounts Clio hides from the connected user.",
        _OF_WORK,
    ),
    _Kind(
        "future_rows",
        "future_rows",
        "Records dated after today, left out of every figure.",
        _OF_WORK | _OF_BILLS | _OF_MONEY,
    ),
)
_CHECKS = {
    CheckKind.RECEIVABLE: ("receivable_check", "Receivables do not tie to the balances Clio states.", _OF_MONEY),
    CheckKind.TRUST: (
        "trust_check",
        "Trust accounts or matters whose movements do not come to the balance Clio states.",
        frozenset({"bank_transactions"}),
    ),
}


def find_flags(*, scope: Scope, standing: Standing, metrics: Iterable[Metric]) -> list[QualityFlag]:
    """Return the faults that touch metrics; call it inside the firm's transaction.

    What Clio refuses is told to everybody. The counts are the whole firm's, and told to who sees the whole firm.
    """
    listed = list(metrics)
    sources = {measure.source for metric in listed for measure in metric.uses()}
    read = frozenset[str]().union(*(READ_FOR[source] for source in sources))
    flags = _refusals(sorted(read & set(standing.freshness.refused)))
    if not scope.is_whole_firm or standing.ledger is None:
        return flags
    return [*flags, *_counted(standing.ledger, read), *_unsound(scope, read)]


def _refusals(refused: list[str]) -> list[QualityFlag]:
    if not refused:
        return []
    names = ", ".join(entity.replace("_", " ") for entity in refused)
    text = f"Clio refuses these records to the connected user, figures lack them: {names}."
    return [QualityFlag("refused_by_clio", len(refused), text)]


def _counted(state: LedgerState, read: frozenset[str]) -> list[QualityFlag]:
    return [
        QualityFlag(kind.code, count, kind.text)
        for kind in _KINDS
        if kind.made_from & read and (count := getattr(state, kind.column))
    ]


def _unsound(scope: Scope, read: frozenset[str]) -> list[QualityFlag]:
    counts = list_unsound(firm_id=scope.firm_id)
    return [
        QualityFlag(code, counts[kind], text)
        for kind, (code, text, made_from) in _CHECKS.items()
        if made_from & read and counts.get(kind)
    ]
