"""How far the mirror is: runs, their steps entity by entity, what was completed, and the mirror's version."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class SyncRun(models.Model):
    """One pass over the firm's entities. A run lives over many jobs; whoever works on it holds it for a while."""

    class Kind(models.TextChoices):
        FULL = "full"
        INCREMENTAL = "incremental"
        ENTITIES = "entities"  # some entities wholly, because somebody asked

    class State(models.TextChoices):
        RUNNING = "running"
        PARKED = "parked"
        DONE = "done"
        FAILED = "failed"

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    reason = models.CharField(max_length=60, blank=True, default="", help_text="code of what parked or failed it")
    detail = models.TextField(blank=True, default="", help_text="the same in words for people")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    held_by = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    goes_on_at = models.DateTimeField(null=True, help_text="when the next slice may start")
    failures = models.PositiveIntegerField(default=0, help_text="in a row, without progress between")
    bills_named_to = models.BigIntegerField(
        null=True, help_text="mirror version up to which bills named by changed records were read again"
    )

    class Meta:
        db_table = "clio_sync_runs"
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=models.Q(finished_at__isnull=True), name="clio_sync_run_one_open"
            ),
            models.UniqueConstraint(fields=["firm", "id"], name="clio_sync_run_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} sync {self.pk}"


class SyncStep(models.Model):
    """One entity within a run, and what came of it so far. Its lists are chains; none yet: it was not begun.

    asked_ms, parsed_ms, wrote_ms: time spent waiting for Clio, converting records and in the database; reading overlaps
    with the other two. worked_ms: from its first page to its last, without the pauses between slices.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    # The migration adds the composite key (firm, run): a step can only belong to a run of its own firm.
    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="steps", db_constraint=False)
    position = models.PositiveSmallIntegerField()
    entity = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    since = models.DateTimeField(null=True, help_text="asked for changes since; empty: everything")
    reads_open = models.BooleanField(db_default=False, help_text="besides changes, whatever is not settled yet")
    expected = models.BigIntegerField(null=True)
    records = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    pages = models.BigIntegerField(default=0)
    restarts = models.PositiveSmallIntegerField(default=0)
    worked_ms = models.BigIntegerField(default=0)
    asked_ms = models.BigIntegerField(db_default=0)
    parsed_ms = models.BigIntegerField(db_default=0)
    wrote_ms = models.BigIntegerField(db_default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True, default="", help_text="code of what refused it")
    detail = models.TextField(blank=True, default="")

    class Meta:
        db_table = "clio_sync_steps"
        constraints = [
            models.UniqueConstraint(fields=["firm", "run", "entity"], name="clio_sync_step_once"),
            models.UniqueConstraint(fields=["firm", "id"], name="clio_sync_step_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} of run {self.run_id}"


class SyncChain(models.Model):
    """One list of an entity, read by its cursor page after page; several are read at once. No cursor: from the start.

    filters: what the list is asked for beside the entity's own parameters: changes since, a window of dates, ids.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CLOSING = "closing"  # read only if the windows beside it turn out to leave records out
        DONE = "done"

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    # The migration adds the composite key (firm, step): a chain can only belong to a step of its own firm.
    step = models.ForeignKey(SyncStep, on_delete=models.CASCADE, related_name="chains", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    variant = models.PositiveSmallIntegerField(default=0, help_text="which of the entity's filters")
    filters = models.JSONField(default=dict)
    cursor = models.TextField(blank=True, default="", help_text="address of the next page")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    expected = models.BigIntegerField(null=True)
    records = models.BigIntegerField(default=0)
    pages = models.BigIntegerField(default=0)

    class Meta:
        db_table = "clio_sync_chains"
        constraints = [models.UniqueConstraint(fields=["firm", "step", "number"], name="clio_sync_chain_once")]

    def __str__(self) -> str:
        return f"chain {self.number} of step {self.step_id}"


class SyncedEntity(models.Model):
    """What is known of one entity across runs: since when complete, how many records, and the next run's start.

    An entity that was only ever refused has a row too: settled, but never completed.
    """

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    entity = models.CharField(max_length=40)
    first_completed_at = models.DateTimeField(null=True)
    last_completed_at = models.DateTimeField(null=True)
    records = models.BigIntegerField(db_default=0)
    read_from = models.DateTimeField(
        null=True, help_text="start of the last complete read; changes since then are asked for next"
    )
    refused = models.TextField(blank=True, db_default="", help_text="why the last run that finished could not read it")
    in_each_run = models.BooleanField(db_default=True, help_text="it is read in every run and counts for data as of")
    open_read_at = models.DateTimeField(null=True, help_text="start of the last reading of all that is not settled")

    class Meta:
        db_table = "clio_synced_entities"
        constraints = [models.UniqueConstraint(fields=["firm", "entity"], name="clio_synced_entity_once")]

    def __str__(self) -> str:
        return self.entity


class MirrorVersion(models.Model):
    """A counter per firm, raised in the transaction of every batch that changed a row."""

    firm = models.OneToOneField("accounts.Firm", primary_key=True, on_delete=models.CASCADE, related_name="+")
    version = models.BigIntegerField(default=0)
    forgotten_version = models.BigIntegerField(
        db_default=0, help_text="changes up to this version are no longer kept: who is older reads everything anew"
    )

    class Meta:
        db_table = "clio_mirror_versions"

    def __str__(self) -> str:
        return str(self.version)
