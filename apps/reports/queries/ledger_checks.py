"""What the daily checks of the ledger found last."""

from apps.reports.contracts.quality import CheckKind, DailyCheck
from apps.reports.models import LedgerCheck


def list_last_checks(*, firm_id: int) -> tuple[DailyCheck, ...]:
    """Return the checks of the last day there were any; call it inside the firm's transaction."""
    checks = LedgerCheck.objects.filter(firm_id=firm_id)
    newest = checks.order_by("-checked_on").values("checked_on")[:1]
    return tuple(
        DailyCheck(
            kind=CheckKind(row.kind),
            checked_on=row.checked_on,
            checked_at=row.checked_at,
            currency=row.currency,
            ours=row.ours,
            clios=row.clios,
            explained=row.explained,
            faults=row.faults,
        )
        for row in checks.filter(checked_on=newest).order_by("kind", "currency")
    )


def list_unsound(*, firm_id: int) -> dict[CheckKind, int]:
    """Return the faults of the last checks that found any, by kind."""
    found: dict[CheckKind, int] = {}
    for check in list_last_checks(firm_id=firm_id):
        if check.faults:
            found[check.kind] = found.get(check.kind, 0) + check.faults
    return found
