"""Work on a run's lists: several are read at once, one writes, in the order in which entities need each other."""

import time
from collections.abc import Iterator
from contextlib import closing

from apps.clio import errors
from apps.clio.contracts import Grant
from apps.clio.mirror import ENTITY_BY_NAME, Entity
from apps.clio.models import SyncChain, SyncStep
from apps.clio.rules.sync_plan import NAMES_BILLS, SplitRule
from apps.clio.services.hold_run import HeldRun, keep_holding
from apps.clio.services.plan_step import plan_step
from apps.clio.services.probe_fields import probe_fields
from apps.clio.services.put_step_right import leave_out, restart
from apps.clio.services.read_ahead import ListEnded, ListReaders, ReadPage, reading_ahead
from apps.clio.services.split_list import close_windows, split_list, wants_split
from apps.clio.services.write_pages import BATCH_RECORDS, ActiveList, PageWriter, Progress
from apps.clio.signals import mirror_changed
from apps.clio.vendors.clio_api import ClioApi
from apps.core.errors import VendorUnavailable
from apps.core.jobs import extend_lease
from apps.core.tenancy import tenant

LISTS_AT_ONCE = 4
_BATCH_SECONDS = 2.0
_PATIENCE_SECONDS = 10.0


class RunLists:
    """The lists of a run, for one slice of a worker's time and one grant.

    changed: gets the entities of which rows changed, as far as they were not announced here already.
    split: when a long list is read in windows. refused_at: the list and its pages so far where Clio did not take the
    token, if that happened.
    """

    def __init__(
        self, held: HeldRun, grant: Grant, *, until: float, changed: set[str], split: SplitRule | None = None
    ) -> None:
        self.refused_at: tuple[int, int] | None = None
        self._held, self._grant, self._until, self._changed = held, grant, until, changed
        self._split = split or SplitRule()
        self._writer = PageWriter(held, grant, changed)
        self._active: dict[int, ActiveList] = {}
        self._left_out: set[int] = set()  # steps that were refused
        self._left_alone: set[int] = set()  # steps with which nothing more can be done in this slice
        self._obstacle: Exception | None = None
        self._delay: VendorUnavailable | None = None
        self._may_begin = True  # False once there is nothing to begin, until a list ends
        self._has_begun = False  # one list at least: however short a slice is, it gets on by a page
        self._proved_at = time.monotonic()

    def read(self) -> bool:
        """Read and write until nothing is left to do (True) or the time is over (False).

        What was read before something went wrong is written first. An entity for which Clio does not answer waits; the
        others go on. Raises what Clio's calls raise, ClioNotConnected, ClioGrantRevoked, RunLost.
        """
        with reading_ahead(self._grant) as readers, closing(ClioApi(self._grant)) as questions:
            self._begin_lists(readers, questions)
            while readers.busy:
                self._take(readers.next(timeout=self._patience()), readers)
                self._begin_lists(readers, questions)
        self._raise_what_stopped_it()
        return not self._open_steps()

    def _raise_what_stopped_it(self) -> None:
        """Raise the reason. A region that was found down in this very slice counts as the failure that found it."""
        if isinstance(self._obstacle, errors.ClioRegionDown) and self._delay is not None:
            raise self._delay
        if self._obstacle is not None:
            raise self._obstacle
        if self._delay is not None:
            raise self._delay

    def _begin_lists(self, readers: ListReaders, questions: ClioApi) -> None:
        while len(self._active) < LISTS_AT_ONCE and self._obstacle is None and self._has_time():
            if self._may_begin:
                self._may_begin = any(self._begin_list_of(step, readers, questions) for step in self._ready_steps())
            if not self._may_begin and not self._split_one(readers, questions):
                break
        if self._obstacle is not None or not self._has_time():
            readers.stop()

    def _has_time(self) -> bool:
        return not self._has_begun or time.monotonic() < self._until

    def _begin_list_of(self, step: SyncStep, readers: ListReaders, questions: ClioApi) -> bool:
        entity = ENTITY_BY_NAME[step.entity]
        try:
            chain = self._next_chain(step, entity, questions)
            taken = probe_fields(questions, entity, firm_id=self._held.firm_id) if chain else ()
        except Exception as failure:  # noqa: BLE001 - sorted like a failure of a reader: answered, or raised at the end
            self._meet(failure, step)
            return False
        if chain is None:
            return False
        self._has_begun = True
        self._active[chain.pk] = ActiveList(chain, step, entity)
        self._writer.begin(step)
        parameters = {**entity.parameters(chain.variant, taken=taken), **chain.filters}
        readers.start(chain.pk, entity, parameters=parameters, cursor=chain.cursor)
        return True

    def _next_chain(self, step: SyncStep, entity: Entity, questions: ClioApi) -> SyncChain | None:
        """Return a list of the step that nobody reads yet. Once its windows are read, their closing list may be due."""
        waiting = self._waiting_chains(step)
        if not waiting:
            plan_step(self._held, step, entity)
            waiting = self._waiting_chains(step)
        for chain in waiting:
            if chain.state == SyncChain.State.PENDING and chain.pk not in self._active:
                return chain
        if len(waiting) == 1 and waiting[0].pk not in self._active:
            progress = close_windows(questions, self._held, waiting[0], step, entity)
            if progress is None:
                return waiting[0]
            self._announce(step, progress)
        return None

    def _waiting_chains(self, step: SyncStep) -> list[SyncChain]:
        with tenant(self._held.firm_id, read_only=True):
            chains = SyncChain.objects.filter(firm_id=self._held.firm_id, step_id=step.pk)
            return list(chains.exclude(state=SyncChain.State.DONE).order_by("number"))

    def _ready_steps(self) -> Iterator[SyncStep]:
        """Yield the steps that may be worked on: those that numbers need first, none before what it needs itself.

        Between changes there is no such order but one: bills come after what names them.
        """
        steps = self._open_steps()
        waiting = {step.entity for step in steps}
        for step in sorted(steps, key=lambda step: (not ENTITY_BY_NAME[step.entity].serves_first, step.position)):
            needs = ENTITY_BY_NAME[step.entity].needs
            if self._held.kind == "incremental":
                needs = NAMES_BILLS if step.entity == "bills" else ()
            if step.pk not in self._left_alone and not waiting.intersection(needs):
                yield step

    def _open_steps(self) -> list[SyncStep]:
        open_states = [SyncStep.State.PENDING, SyncStep.State.RUNNING]
        with tenant(self._held.firm_id, read_only=True):
            steps = SyncStep.objects.filter(firm_id=self._held.firm_id, run_id=self._held.run_id)
            return list(steps.filter(state__in=open_states))

    def _split_one(self, readers: ListReaders, questions: ClioApi) -> bool:
        """Where latency binds and not the limit, read one long list in windows of dates from here on."""
        for active in self._active.values():
            if wants_split(active, self._split, lists_at_once=len(self._active)) and self._obstacle is None:
                try:
                    if split_list(questions, self._held, active):
                        readers.stop(active.chain.pk)
                        self._may_begin = True
                        return True
                except Exception as failure:  # noqa: BLE001 - as above
                    self._meet(failure, active.step)
        return False

    def _patience(self) -> float:
        """Return how long to wait for a page: until a batch should be written, or the time is over."""
        now = time.monotonic()
        batches = [each.batch.since + _BATCH_SECONDS for each in self._active.values() if each.batch.pages]
        until = [self._until] if self._until > now else []
        return max(min([now + _PATIENCE_SECONDS, *batches, *until]) - now, 0)

    def _take(self, item: ReadPage | ListEnded | None, readers: ListReaders) -> None:
        if isinstance(item, ReadPage):
            active = self._active[item.chain_id]
            active.add(item)
            if active.batch.records >= BATCH_RECORDS:
                self._write(active, readers)
        elif isinstance(item, ListEnded):
            active = self._active.pop(item.chain_id)
            self._may_begin = True
            self._write(active, readers)
            if item.failure is not None:
                self._meet(item.failure, active.step, active)
        now = time.monotonic()
        for active in list(self._active.values()):
            if active.batch.pages and now - active.batch.since >= _BATCH_SECONDS:
                self._write(active, readers)
        if now - self._proved_at > _PATIENCE_SECONDS:
            self._proved_at = now
            keep_holding(self._held)
            extend_lease()

    def _write(self, active: ActiveList, readers: ListReaders) -> None:
        if not active.batch.pages or active.step.pk in self._left_out:
            return
        try:
            self._announce(active.step, self._writer.write(active))
            self._proved_at = time.monotonic()
        except (errors.ClioRecordUnknown, errors.ClioGrantRevoked, errors.ClioNotConnected) as failure:
            readers.stop(active.chain.pk)
            self._meet(failure, active.step, active)

    def _announce(self, step: SyncStep, progress: Progress) -> None:
        """Tell at once that an entity is read to its end: some numbers need no more than that."""
        if progress.is_read and (progress.is_first or step.entity in self._changed):
            self._changed.discard(step.entity)
            names = frozenset({step.entity})
            mirror_changed.send_robust(sender=None, firm_id=self._held.firm_id, entities=names)

    def _meet(self, failure: Exception, step: SyncStep, active: ActiveList | None = None) -> None:
        """Sort what went wrong with a list: leave the entity out, read it again, let it wait, or stop everything."""
        if isinstance(failure, errors.ClioForbids | errors.ClioRecordUnknown):
            self._left_out.add(step.pk)
            leave_out(self._held, step, failure)
        elif isinstance(failure, errors.ClioRequestRefused) and active is not None:
            try:
                restart(self._held, step, active.chain.pk, failure)
            except errors.ClioRequestRefused as refusal:
                self._obstacle = self._obstacle or refusal
        elif isinstance(failure, errors.ForeignAddress):
            self._delay = self._delay or VendorUnavailable(failure.detail)
            self._left_alone.add(step.pk)
        elif isinstance(failure, VendorUnavailable) and not isinstance(failure, errors.ClioRegionDown):
            self._delay = self._delay or failure
            self._left_alone.add(step.pk)
        else:
            self._obstacle = self._obstacle or failure
            if isinstance(failure, errors.ClioTokenRefused):
                self.refused_at = (active.chain.pk, active.chain.pages + active.pages) if active else (-step.pk, 0)
