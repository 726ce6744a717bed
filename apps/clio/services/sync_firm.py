"""Work on a firm's open sync for a while: entity after entity, until done, out of time, or stopped."""

import logging
import random
import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.utils import timezone

from apps.billing import interface as billing
from apps.clio import errors
from apps.clio.models import SyncRun, SyncStep
from apps.clio.services import hold_run as runs
from apps.clio.services.access_token import get_grant, note_revoked, refresh_grant
from apps.clio.services.sync_entity import sync_entity
from apps.clio.signals import mirror_changed, sync_completed
from apps.clio.vendors.clio_api import ClioApi
from apps.core.errors import DomainError, VendorRejected, VendorUnavailable
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
SLICE_SECONDS = 45.0
_MOST_RESTARTS = 3
_MOST_FAILURES = 40
_FIRST_BACKOFF_SECONDS, _LONGEST_BACKOFF_SECONDS = 2.0, 900.0


def sync_firm(*, firm_id: int, slice_seconds: float = SLICE_SECONDS) -> datetime | None:
    """Advance the firm's open run by one slice; return when it goes on, or None when there is nothing to go on with.

    A run is ended (done, failed) or parked (grant revoked, plan) in words people understand; whatever was read stays.
    Announces `mirror_changed` for what the slice changed, and `sync_completed` at the end of a run.
    """
    try:
        held = runs.hold_run(firm_id=firm_id)
    except errors.RunHeldElsewhere as elsewhere:
        return timezone.now() + timedelta(seconds=elsewhere.retry_after_seconds)
    if held is None:
        return None
    work = _Slice(held, until=time.monotonic() + slice_seconds)
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

    def __init__(self, held: runs.HeldRun, *, until: float) -> None:
        self.held = held
        self.until = until
        self.changed: set[str] = set()

    def run(self) -> datetime | None:
        """Work, and put the run down in the state that fits what happened."""
        try:
            self._check_plan()
            return self._work()
        except (errors.ClioGrantRevoked, errors.ClioNotConnected, errors.SyncNotInPlan) as obstacle:
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
        refreshed_at: tuple[int, int] | None = None
        grant = get_grant(firm_id=self.held.firm_id)
        while (step := self._next_step()) is not None:
            if time.monotonic() >= self.until:
                return self._later(0)
            try:
                self._sync(step, ClioApi(grant))
            except errors.ClioTokenRefused:
                place = (step.pk, self._pages_of(step))
                if place == refreshed_at:  # the fresh token was refused where the old one was
                    note_revoked(firm_id=self.held.firm_id, version=grant.version)
                    raise errors.ClioGrantRevoked from None
                grant, refreshed_at = refresh_grant(firm_id=self.held.firm_id, stale=grant.version), place
        self._finish()
        return None

    def _sync(self, step: SyncStep, api: ClioApi) -> None:
        try:
            sync_entity(self.held, step, api, until=self.until, changed=self.changed)
        except errors.ClioForbids as refusal:
            self._refuse(step, refusal, refusal.detail)
        except errors.ClioRecordUnknown as odd:
            which = "One" if odd.record_id is None else f"Record {odd.record_id}"
            self._refuse(step, odd, f"{which} of the {step.entity.replace('_', ' ')} {odd.detail}.")
        except errors.ClioRequestRefused as refusal:
            self._restart(step, refusal)
        finally:
            api.close()

    def _refuse(self, step: SyncStep, refusal: VendorRejected, detail: str) -> None:
        logger.warning("clio.sync_entity_refused", extra={"run_id": self.held.run_id, "entity": step.entity})
        state, now = SyncStep.State.REFUSED, timezone.now()
        self._set_step(step, state=state, finished_at=now, reason=refusal.code, detail=detail)

    def _restart(self, step: SyncStep, refusal: errors.ClioRequestRefused) -> None:
        """A place in a list may grow old: read the list again from its beginning, which harms nothing."""
        with tenant(self.held.firm_id, read_only=True):
            current = SyncStep.objects.get(firm_id=self.held.firm_id, pk=step.pk)
        if not current.cursor or current.restarts >= _MOST_RESTARTS:
            raise refusal
        logger.info("clio.sync_entity_restarted", extra={"entity": step.entity, "run_id": self.held.run_id})
        beginning = {"variant": 0, "cursor": "", "records": 0, "pages": 0, "expected": None}
        self._set_step(step, restarts=current.restarts + 1, **beginning)

    def _next_step(self) -> SyncStep | None:
        waiting = [SyncStep.State.PENDING, SyncStep.State.RUNNING]
        with tenant(self.held.firm_id):
            steps = SyncStep.objects.filter(firm_id=self.held.firm_id, run_id=self.held.run_id, state__in=waiting)
            step = steps.order_by("position").first()
            if step is not None and step.started_at is None:
                runs.keep_holding(self.held)
                step.started_at, step.state = timezone.now(), SyncStep.State.RUNNING
                step.save(update_fields=["started_at", "state"])
        return step

    def _pages_of(self, step: SyncStep) -> int:
        with tenant(self.held.firm_id, read_only=True):
            return SyncStep.objects.values_list("pages", flat=True).get(firm_id=self.held.firm_id, pk=step.pk)

    def _set_step(self, step: SyncStep, **changes: object) -> None:
        with tenant(self.held.firm_id):
            runs.keep_holding(self.held)
            SyncStep.objects.filter(firm_id=self.held.firm_id, pk=step.pk).update(**changes)

    def _later(self, seconds: float) -> datetime:
        runs.let_go(self.held, goes_on_in_seconds=seconds)
        return timezone.now() + timedelta(seconds=seconds)

    def _after_failure(self, failure: VendorUnavailable) -> datetime | None:
        counts = not self.held.is_early
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
            refused = SyncStep.objects.filter(
                firm_id=self.held.firm_id, run_id=self.held.run_id, state=SyncStep.State.REFUSED
            )
            steps = list(refused.order_by("position"))
            detail = " ".join(_refusals(steps))
            runs.finish(self.held, state=SyncRun.State.DONE, reason=steps[0].reason if steps else "", detail=detail)
        sync_completed.send_robust(sender=None, firm_id=self.held.firm_id, kind=self.held.kind)


def _refusals(steps: list[SyncStep]) -> list[str]:
    forbidden = ", ".join(step.entity for step in steps if step.reason == errors.ClioForbids.code)
    others = [step.detail for step in steps if step.reason != errors.ClioForbids.code]
    return [f"The connected Clio user may not read: {forbidden}.", *others] if forbidden else others
