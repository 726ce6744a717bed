"""Work on a firm's open sync for a while, until it is done, out of time, or stopped."""

import logging
import random
import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.utils import timezone

from apps.billing import interface as billing
from apps.clio import errors
from apps.clio.models import SyncRun, SyncStep
from apps.clio.rules.sync_plan import SplitRule
from apps.clio.services import hold_run as runs
from apps.clio.services.access_token import get_grant, note_revoked, refresh_grant
from apps.clio.services.put_step_right import describe_left_out
from apps.clio.services.read_lists import RunLists
from apps.clio.services.tell_of_users import tell_of_users
from apps.clio.signals import mirror_changed, sync_completed
from apps.core.errors import DomainError, VendorRejected, VendorUnavailable
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
SLICE_SECONDS = 45.0
_MOST_FAILURES = 40
# What somebody has to change before it can go on; the run waits at its place.
_PARKS = (errors.ClioGrantRevoked, errors.ClioNotConnected, errors.SyncNotInPlan)
_FIRST_BACKOFF_SECONDS, _LONGEST_BACKOFF_SECONDS = 2.0, 900.0


def sync_firm(*, firm_id: int, slice_seconds: float = SLICE_SECONDS, split: SplitRule | None = None) -> datetime | None:
    """Advance the firm's open run by one slice; return when it goes on, or None when there is nothing to go on with.

    split: when a long list is read in windows of dates, if not as usual.

    A run is ended (done, failed) or parked (grant revoked, plan) in words people understand; whatever was read stays.
    Announces `mirror_changed` for what the slice changed, and `sync_completed` at the end of a run.
    """
    try:
        held = runs.hold_run(firm_id=firm_id)
    except errors.RunHeldElsewhere as elsewhere:
        return timezone.now() + timedelta(seconds=elsewhere.retry_after_seconds)
    if held is None:
        return None
    work = _Slice(held, until=time.monotonic() + slice_seconds, split=split)
    try:
        return work.run()
    except errors.RunLost:
        logger.warning("clio.sync_run_lost", extra={"run_id": held.run_id})
        return None
    finally:
        if work.changed:
            mirror_changed.send_robust(sender=None, firm_id=firm_id, entities=frozenset(work.changed))


class _Slice:
    """One worker's time with a run."""

    def __init__(self, held: runs.HeldRun, *, until: float, split: SplitRule | None) -> None:
        self.held, self.split = held, split
        self.until = until
        self.changed: set[str] = set()

    def run(self) -> datetime | None:
        """Work, and put the run down in the state that fits what happened."""
        try:
            self._check_plan()
            return self._work()
        except _PARKS as obstacle:
            runs.park(self.held, reason=obstacle.code, detail=obstacle.detail)
            return None
        except errors.ClioBudgetSpent as spent:
            return self._later(spent.wait_seconds)
        except VendorUnavailable as failure:
            return self._after_failure(failure)
        except VendorRejected as refusal:
            self._fail(refusal)
            return None
        except errors.RunLost:
            raise
        except Exception:  # a fault of ours: the job logs it, and people see that the run stands still and goes on
            with suppress(errors.RunLost):
                self._after_failure(errors.SyncBroken())
            raise

    def _check_plan(self) -> None:
        if not billing.entitlement(firm_id=self.held.firm_id).may_sync:
            raise errors.SyncNotInPlan

    def _work(self) -> datetime | None:
        refused: tuple[int, int] | None = None
        grant = get_grant(firm_id=self.held.firm_id)
        while True:
            lists = RunLists(self.held, grant, until=self.until, changed=self.changed, split=self.split)
            try:
                is_done = lists.read()
            except errors.ClioTokenRefused:
                if lists.refused_at == refused and refused is not None:  # a fresh token, refused where the old one was
                    note_revoked(firm_id=self.held.firm_id, version=grant.version)
                    raise errors.ClioGrantRevoked from None
                grant, refused = refresh_grant(firm_id=self.held.firm_id, stale=grant.version), lists.refused_at
                continue
            if not is_done:
                return self._later(0)
            tell_of_users(firm_id=self.held.firm_id)
            self._finish()
            return None

    def _later(self, seconds: float) -> datetime:
        runs.let_go(self.held, goes_on_in_seconds=seconds)
        return timezone.now() + timedelta(seconds=seconds)

    def _after_failure(self, failure: VendorUnavailable) -> datetime | None:
        counts = not self.held.is_early and not isinstance(failure, errors.ClioRegionDown)
        failures = max(self._failures() + counts, 1)
        if failures >= _MOST_FAILURES:
            self._fail(failure)
            return None
        backoff = min(_FIRST_BACKOFF_SECONDS * 2 ** min(failures - 1, 20), _LONGEST_BACKOFF_SECONDS)
        seconds = max(failure.retry_after_seconds or 0, backoff * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
        runs.let_go(self.held, goes_on_in_seconds=seconds, failed=counts, detail=failure.detail)
        return timezone.now() + timedelta(seconds=seconds)

    def _failures(self) -> int:
        with tenant(self.held.firm_id, read_only=True):
            return SyncRun.objects.values_list("failures", flat=True).get(
                firm_id=self.held.firm_id, pk=self.held.run_id
            )

    def _fail(self, error: DomainError) -> None:
        logger.error("clio.sync_failed", extra={"run_id": self.held.run_id, "code": error.code})
        runs.finish(self.held, state=SyncRun.State.FAILED, reason=error.code, detail=error.detail)

    def _finish(self) -> None:
        with tenant(self.held.firm_id):
            steps = SyncStep.objects.filter(firm_id=self.held.firm_id, run_id=self.held.run_id)
            left_out = list(steps.filter(state=SyncStep.State.REFUSED).order_by("position"))
            reason = left_out[0].reason if left_out else ""
            runs.finish(self.held, state=SyncRun.State.DONE, reason=reason, detail=describe_left_out(left_out))
        sync_completed.send_robust(sender=None, firm_id=self.held.firm_id, kind=self.held.kind)
