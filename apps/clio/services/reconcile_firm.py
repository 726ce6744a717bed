"""Work on a firm's comparison with Clio for a while, until it is done or out of time."""

import logging
import time
from contextlib import closing
from datetime import datetime, timedelta

from django.utils import timezone

from apps.billing import interface as billing
from apps.clio import errors
from apps.clio.models import Reconciliation, ReconciliationCare, Sweep, SyncRun
from apps.clio.services.one_user import OneUserCaller, OtherUserConnected, check_same_user
from apps.clio.services.sweep_entity import refuse_sweep, work_on_sweep
from apps.clio.services.turns import HeldTurn, turn_at
from apps.core.errors import VendorRejected
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
SLICE_SECONDS = 40.0
_OTHER_USER = "Another Clio user was connected while it was under way; the next night compares anew."
_NOT_CONNECTED = "The connection to Clio ended while it was under way."
_LOOK_AGAIN = timedelta(minutes=10)
_OPEN = (Sweep.State.PENDING, Sweep.State.READING, Sweep.State.MENDING)


def reconcile_firm(*, firm_id: int, slice_seconds: float = SLICE_SECONDS) -> datetime | None:
    """Advance the firm's open comparison by one slice; return when it goes on, or None when there is nothing left.

    One at a time per firm, at the page where it was left. It stands back while everything is read for the first time
    or anew. Raises VendorUnavailable while Clio is away.
    """
    reconciliation = _find_open(firm_id)
    if reconciliation is None:
        return None
    if _is_read_wholly(firm_id) or not billing.entitlement(firm_id=firm_id).may_sync:
        return timezone.now() + _LOOK_AGAIN
    since = reconciliation.clio_user_since
    try:
        with turn_at("reconciliation", firm_id=firm_id) as turn, closing(OneUserCaller(firm_id, since)) as clio:
            return _work(turn, clio, reconciliation, until=time.monotonic() + slice_seconds)
    except errors.TurnTaken as taken:
        return timezone.now() + timedelta(seconds=taken.retry_after_seconds)
    except errors.ClioBudgetSpent as spent:
        return timezone.now() + timedelta(seconds=spent.wait_seconds)
    except OtherUserConnected:
        _end(reconciliation, Reconciliation.State.FAILED, detail=_OTHER_USER)
    except (errors.ClioNotConnected, errors.ClioGrantRevoked):
        _end(reconciliation, Reconciliation.State.FAILED, detail=_NOT_CONNECTED)
    return None


def _work(turn: HeldTurn, clio: OneUserCaller, reconciliation: Reconciliation, *, until: float) -> datetime | None:
    while time.monotonic() < until:
        turn.keep()
        sweep = _next_sweep(reconciliation)
        if sweep is None:
            with tenant(clio.firm_id):
                check_same_user(clio.grant, firm_id=clio.firm_id, since=reconciliation.clio_user_since)
                _end(reconciliation, Reconciliation.State.DONE)
            return None
        try:
            work_on_sweep(clio, reconciliation, sweep)
        except (errors.ClioBudgetSpent, errors.ClioNotConnected, errors.ClioGrantRevoked):
            raise
        except VendorRejected as refusal:
            refuse_sweep(sweep, refusal)
    return timezone.now()


def _next_sweep(reconciliation: Reconciliation) -> Sweep | None:
    firm_id = reconciliation.firm_id
    with tenant(firm_id, read_only=True):
        sweeps = Sweep.objects.filter(firm_id=firm_id, reconciliation_id=reconciliation.pk, state__in=_OPEN)
        return sweeps.order_by("position").first()


def _find_open(firm_id: int) -> Reconciliation | None:
    with tenant(firm_id, read_only=True):
        return Reconciliation.objects.filter(firm_id=firm_id, finished_at=None).first()


def _is_read_wholly(firm_id: int) -> bool:
    with tenant(firm_id, read_only=True):
        return SyncRun.objects.filter(firm_id=firm_id, finished_at=None, kind=SyncRun.Kind.FULL).exists()


def _end(reconciliation: Reconciliation, state: Reconciliation.State, *, detail: str = "") -> None:
    firm_id = reconciliation.firm_id
    with tenant(firm_id):
        found = Reconciliation.objects.filter(firm_id=firm_id, pk=reconciliation.pk, finished_at=None)
        found.update(state=state, detail=detail, finished_at=timezone.now())
        if state == Reconciliation.State.DONE and reconciliation.kind == Reconciliation.Kind.WEEKLY:
            ReconciliationCare.objects.filter(firm_id=firm_id).update(wholly_at=reconciliation.started_at)
    ids = {"firm_id": firm_id, "reconciliation_id": reconciliation.pk, "state": str(state)}
    logger.info("clio.reconciliation_ended", extra=ids)
