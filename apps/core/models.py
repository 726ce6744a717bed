"""Tables of the shared ground: jobs (the outbox), periodic slots, the audit trail, remembered answers."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Job(models.Model):
    """A promise to run a named job, written in the transaction that makes the promise.

    `firm_id` has no foreign key: core is below accounts. Rows without a firm belong to the platform.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"

    firm_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=20, default="default")
    dedupe_key = models.CharField(max_length=200, null=True)  # noqa: DJ001 - NULL is "no key" and is not unique
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    available_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    last_error = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm_id", "name", "dedupe_key"],
                condition=models.Q(status="pending", dedupe_key__isnull=False),
                nulls_distinct=False,
                name="core_job_one_pending_per_key",
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at"], condition=models.Q(status__in=["pending", "running"]), name="core_job_due"
            ),
            models.Index(fields=["firm_id", "-id"], name="core_job_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class ErasedFirm(models.Model):
    """A firm that was erased: who writes for it afterwards is refused."""

    firm_id = models.BigIntegerField(primary_key=True)
    erased_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"erased firm #{self.pk}"


class PeriodicRun(models.Model):
    """One slot of a periodic job: whoever inserts it runs it, so that several beats do no harm."""

    name = models.CharField(max_length=100)
    slot = models.BigIntegerField(help_text="seconds since 1970, rounded down to the job's interval")
    started_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="core_periodicrun_slot")]

    def __str__(self) -> str:
        return f"{self.name} at {self.slot}"


class AuditEntry(models.Model):
    """Who did what to what, when and from where. The database refuses to change or remove a row."""

    firm_id = models.BigIntegerField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    action = models.CharField(max_length=100)
    target = models.CharField(max_length=200, blank=True, default="")
    details = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True, default="")
    happened_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["firm_id", "-id"], name="core_auditentry_firm")]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} {self.target}".strip()


class RememberedAnswer(models.Model):
    """The answer given to a POST with an `Idempotency-Key`, to be given again instead of acting twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "route", "key"], name="core_rememberedanswer_key")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
