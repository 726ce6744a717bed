"""What happens to an entity of a run that cannot be read on as it stands: left out, or read again from the start."""

import logging
from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from apps.clio import errors
from apps.clio.models import SyncChain, SyncStep
from apps.clio.services.hold_run import HeldRun, keep_holding
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
_MOST_RESTARTS = 3


def leave_out(held: HeldRun, step: SyncStep, refusal: errors.ClioForbids | errors.ClioRecordUnknown) -> None:
    """Leave an entity out of the run, in words for people; what was read of it stays."""
    detail = refusal.detail
    if isinstance(refusal, errors.ClioRecordUnknown):
        which = "One" if refusal.record_id is None else f"Record {refusal.record_id}"
        detail = f"{which} of the {step.entity.replace('_', ' ')} {refusal.detail}."
    logger.warning("clio.sync_entity_refused", extra={"run_id": held.run_id, "entity": step.entity})
    with tenant(held.firm_id):
        keep_holding(held)
        SyncStep.objects.filter(firm_id=held.firm_id, pk=step.pk).update(
            state=SyncStep.State.REFUSED, finished_at=timezone.now(), reason=refusal.code, detail=detail
        )


def restart(held: HeldRun, step: SyncStep, chain_id: int, refusal: errors.ClioRequestRefused) -> None:
    """A place in a list may grow old: read the list again from its beginning, which harms nothing.

    Raises the refusal where it was the beginning that was refused, or once too often.
    """
    with tenant(held.firm_id):
        keep_holding(held)
        chain = SyncChain.objects.get(firm_id=held.firm_id, pk=chain_id)
        current = SyncStep.objects.get(firm_id=held.firm_id, pk=step.pk)
        if not chain.cursor or current.restarts >= _MOST_RESTARTS:
            raise refusal
        SyncStep.objects.filter(firm_id=held.firm_id, pk=step.pk).update(
            restarts=F("restarts") + 1,
            records=F("records") - chain.records,
            pages=F("pages") - chain.pages,
            expected=F("expected") - (chain.expected or 0),
        )
        beginning = {"cursor": "", "records": 0, "pages": 0, "expected": None}
        SyncChain.objects.filter(firm_id=held.firm_id, pk=chain_id).update(**beginning)
    logger.info("clio.sync_entity_restarted", extra={"entity": step.entity, "run_id": held.run_id})


def describe_left_out(steps: Sequence[SyncStep]) -> str:
    """Return in a sentence or two what a run could not read."""
    forbidden = ", ".join(step.entity for step in steps if step.reason == errors.ClioForbids.code)
    others = [step.detail for step in steps if step.reason != errors.ClioForbids.code]
    return " ".join([f"The connected Clio user may not read: {forbidden}.", *others] if forbidden else others)
