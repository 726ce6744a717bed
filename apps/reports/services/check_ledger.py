"""Check a firm's ledger against Clio's own figures once a day, keep what was found, and raise the alarm by ids."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from apps.accounts.interface import list_firm_ids
from apps.core.jobs import enqueue
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports import jobs
from apps.reports.ledger.tie_out import compare_receivable
from apps.reports.models import LedgerBill, LedgerCheck, LedgerTrustCheck
from apps.reports.services.check_closes import check_closes
from apps.reports.services.find_standing import Standing, find_standing

logger = logging.getLogger(__name__)
_RESULTS = ["ours", "clios", "explained", "faults", "mirror_version", "checked_at"]


def request_checks() -> int:
    """Promise a check of every firm's ledger; return how many were promised anew."""
    promised = 0
    for firm_id in list_firm_ids():
        with tenant(firm_id):
            promised += enqueue(jobs.CHECK_LEDGER, firm_id=firm_id, dedupe_key="daily") is not None
    return promised


def check_ledger(*, firm_id: int, now: datetime) -> int:
    """Compare and keep the results under today in the firm's zone; return how many faults there are.

    A second check of a day replaces the first. Without a ledger that is ready there is nothing to check.
    """
    with tenant(firm_id):
        standing = find_standing(scope=Scope.system(firm_id, "daily checks of the ledger"), period="", now=now)
        if standing.ledger is None or standing.status != "ready":
            return 0
        found = list(_checks(firm_id, standing, now))
        LedgerCheck.objects.bulk_create(
            found,
            update_conflicts=True,
            unique_fields=["firm", "checked_on", "kind", "currency"],
            update_fields=_RESULTS,
        )
        broken = check_closes(firm_id=firm_id, now=now)
    for check in found:
        if check.faults:
            logger.error(
                "reports.ledger_check_failed",
                extra={"firm_id": firm_id, "check": check.kind, "currency": check.currency, "faults": check.faults},
            )
    return sum(check.faults for check in found) + broken


def _checks(firm_id: int, standing: Standing, now: datetime) -> Iterator[LedgerCheck]:
    state = standing.ledger
    if state is None:
        return
    today, kinds = standing.period.today, LedgerCheck.Kind
    same = {"firm_id": firm_id, "checked_on": today, "mirror_version": state.mirror_version, "checked_at": now}
    for currency in state.currencies:
        found = compare_receivable(firm_id=firm_id, currency=currency, today=today)
        yield LedgerCheck(
            kind=kinds.RECEIVABLE,
            currency=currency,
            ours=found.ours,
            clios=found.clios,
            explained=sum(found.reasons.values()),
            faults=int(found.unexplained != 0),
            **same,
        )
    bills = LedgerBill.objects.filter(~Q(unreconciled=0) | Q(is_balanced=False), firm_id=firm_id)
    yield LedgerCheck(kind=kinds.BILL, faults=bills.count(), **same)
    yield LedgerCheck(kind=kinds.TRUST, faults=LedgerTrustCheck.objects.filter(firm_id=firm_id).count(), **same)
