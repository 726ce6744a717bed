"""How the mirror is compared with Clio's own lists of ids, what came of it, and what administrators were told."""

from django.db import models
from django.db.models.functions import Now


class Reconciliation(models.Model):
    """One comparison of a firm's mirror with Clio; it lives over many jobs and goes on at the page it was at."""

    class Kind(models.TextChoices):
        NIGHTLY = "nightly"  # open matters, and what young rows of money there are
        WEEKLY = "weekly"  # everything
        ASKED = "asked"  # some entities wholly, because somebody asked

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    detail = models.TextField(blank=True, default="", help_text="why it failed, in words for people")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    clio_user_since = models.DateTimeField(help_text="whose sight it compares with: the Clio user connected since then")

    class Meta:
        db_table = "clio_reconciliations"
        indexes = [models.Index(fields=["firm", "-started_at"], name="clio_reconciliation_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=models.Q(finished_at__isnull=True), name="clio_reconciliation_one_open"
            ),
            models.UniqueConstraint(fields=["firm", "id"], name="clio_reconciliation_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} reconciliation {self.pk}"


class Sweep(models.Model):
    """One entity within a reconciliation: its place in Clio's lists, and the drift that was found.

    in_order: the list comes by ascending id, so that each page tells at once which of our rows are missing from it;
    otherwise every row in question is a suspect until a page shows it. missed: of the extra and the stale ones, those
    that a sync should have brought already.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        READING = "reading"
        MENDING = "mending"
        DONE = "done"
        UNSURE = "unsure"  # Clio's list was not whole: nothing was marked as gone
        REFUSED = "refused"

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    # The migration adds the composite key (firm, reconciliation), as for the steps of a run.
    reconciliation = models.ForeignKey(
        Reconciliation, on_delete=models.CASCADE, related_name="sweeps", db_constraint=False
    )
    position = models.PositiveSmallIntegerField()
    entity = models.CharField(max_length=40)
    is_whole = models.BooleanField(help_text="all of the entity, not only what is looked at every night")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=60, blank=True, default="", help_text="code of what refused it")
    detail = models.TextField(blank=True, default="", help_text="what is to be known of it, in words for people")
    in_order = models.BooleanField(default=True)
    is_short = models.BooleanField(default=False, help_text="a list ended before all that Clio had promised")
    list_number = models.PositiveSmallIntegerField(default=0)
    cursor = models.TextField(blank=True, default="", help_text="address of the next page")
    last_id = models.BigIntegerField(null=True, help_text="the greatest id of this list so far")
    seen = models.BigIntegerField(default=0, help_text="records of this list so far")
    promised = models.BigIntegerField(null=True, help_text="records of this list, as Clio told with its first page")
    restarts = models.PositiveSmallIntegerField(default=0)
    pages = models.BigIntegerField(default=0)
    listed = models.BigIntegerField(default=0, help_text="records of all its lists")
    known = models.BigIntegerField(default=0, help_text="rows of ours that were compared")
    missing = models.BigIntegerField(default=0, help_text="rows of ours that Clio's list lacks")
    gone = models.BigIntegerField(default=0, help_text="of those, confirmed by their ids and marked")
    held = models.BigIntegerField(default=0, help_text="of those, kept because Clio may only hide them")
    extra = models.BigIntegerField(default=0, help_text="records of Clio's that were not here")
    stale = models.BigIntegerField(default=0, help_text="records that differ from ours")
    back = models.BigIntegerField(default=0, help_text="records marked as gone that Clio shows")
    missed = models.BigIntegerField(default=0)
    mended = models.BigIntegerField(default=0, help_text="of the extra, stale and back ones, read anew")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clio_sweeps"
        constraints = [
            models.UniqueConstraint(fields=["firm", "reconciliation", "entity"], name="clio_sweep_once"),
            models.UniqueConstraint(fields=["firm", "id"], name="clio_sweep_of_firm"),
        ]

    def __str__(self) -> str:
        return f"sweep of {self.entity}"


class SweepFinding(models.Model):
    """A record that a sweep has found to differ and not dealt with yet."""

    class Kind(models.TextChoices):
        MISSING = "missing"
        EXTRA = "extra"
        STALE = "stale"
        BACK = "back"

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    sweep = models.ForeignKey(
        Sweep, on_delete=models.CASCADE, related_name="findings", db_constraint=False, db_index=False
    )
    record_key = models.TextField()
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        db_table = "clio_sweep_findings"
        constraints = [models.UniqueConstraint(fields=["firm", "sweep", "record_key"], name="clio_sweep_finding_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_key}"


class HeldRecord(models.Model):
    """A record that Clio no longer shows and that is kept, because it may only be hidden from the connected user.

    It leaves this list when Clio shows it again, or when an administrator says that it was deleted indeed.
    """

    class Reason(models.TextChoices):
        OTHER_USER = "other_user"  # another Clio user was connected, who may see less
        MANY_AT_ONCE = "many_at_once"  # so many vanished together that a right is more likely to be missing

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    entity = models.CharField(max_length=40)
    record_key = models.TextField()
    reason = models.CharField(max_length=20, choices=Reason)
    held_since = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True, help_text="since when an administrator takes it for deleted")

    class Meta:
        db_table = "clio_held_records"
        constraints = [models.UniqueConstraint(fields=["firm", "entity", "record_key"], name="clio_held_record_once")]

    def __str__(self) -> str:
        return f"{self.entity} {self.record_key}"


class ReconciliationCare(models.Model):
    """When the firm's next reconciliation is due, and since when there was none of everything."""

    firm = models.OneToOneField("accounts.Firm", primary_key=True, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    wholly_at = models.DateTimeField(null=True, help_text="start of the last one of everything that came to its end")

    class Meta:
        db_table = "clio_reconciliation_care"

    def __str__(self) -> str:
        return f"reconciliations of firm {self.firm_id}"


class HealthAlert(models.Model):
    """Something is not well, since when, and that administrators were told: once, until it was well in between."""

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    begun_at = models.DateTimeField(help_text="since when it was not well")
    told_at = models.DateTimeField()

    class Meta:
        db_table = "clio_health_alerts"
        constraints = [models.UniqueConstraint(fields=["firm", "kind"], name="clio_health_alert_once")]

    def __str__(self) -> str:
        return self.kind
