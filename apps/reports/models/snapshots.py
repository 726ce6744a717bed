"""SNAP of kpis.md section 2: what stood at the end of each day as it was known then, kept for ever."""

from django.db import models

from apps.reports.models.derived import Derived, Numeric, clio_id, currency, minor


class Snapshot(models.Model):
    """A day of which a snapshot was taken, or is missing.

    is_end_of_day: taken when the day was over; an earlier one of the same day gives way to it. checksum: of all rows
    that stood, so that anybody can prove that none was changed since. reason: why it is missing.
    """

    class Status(models.TextChoices):
        TAKEN = "taken"
        MISSING = "missing"

    class Reason(models.TextChoices):
        NONE = ""
        STALE = "stale"
        NOT_TAKEN = "not_taken"

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    day = models.DateField(help_text="in the firm's time zone")
    status = models.CharField(max_length=7, choices=Status)
    reason = models.CharField(max_length=9, choices=Reason, default=Reason.NONE)
    taken_at = models.DateTimeField(null=True)
    is_end_of_day = models.BooleanField(default=False)
    mirror_version = models.BigIntegerField(null=True)
    last_synced_at = models.DateTimeField(null=True, help_text="how old Clio's data were")
    rows = models.BigIntegerField(default=0, help_text="that stood on the day")
    merged_people = models.JSONField(db_default=[], default=list, help_text="pairs of Clio's ids: who, under whom")
    checksum = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "reports_snapshot"
        constraints = [
            models.UniqueConstraint(fields=["firm", "day"], name="reports_snapshot_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(status="taken", taken_at__isnull=False, reason="")
                | (models.Q(status="missing", taken_at=None) & ~models.Q(reason="")),
                name="reports_snapshot_taken_or_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"snapshot of firm {self.firm_id} on {self.day}: {self.status}"


class SnapshotRow(Derived):
    """A row that stood unchanged in every snapshot from `seen_from` on and before `seen_until`; None: it still does."""

    seen_from = models.DateField()
    seen_until = models.DateField(null=True)

    class Meta(Derived.Meta):
        abstract = True


class SnapshotUnbilled(SnapshotRow):
    """An entry of work in progress. left_as: what became of it; became: its value from then on, if it was changed."""

    class LeftAs(models.TextChoices):
        BILLED = "billed"
        CHANGED = "changed"
        DELETED = "deleted"
        MOVED = "moved"
        NON_BILLABLE = "non_billable"
        WRITTEN_OFF = "written_off"

    activity_id = models.BigIntegerField()
    timekeeper_id = clio_id()
    matter_id = clio_id()
    currency = currency()
    unbilled_as = models.CharField(max_length=16)
    worked_on = models.DateField(null=True)
    value = models.BigIntegerField(null=True, help_text="minor units; NULL: hidden")
    seconds = Numeric(null=True)
    left_as = models.CharField(max_length=12, choices=LeftAs, null=True)  # noqa: DJ001 - NULL: it still stands
    became = models.BigIntegerField(null=True, help_text="minor units")

    class Meta(SnapshotRow.Meta):
        db_table = "reports_snapshot_unbilled"
        indexes = [
            models.Index(fields=["firm", "seen_until", "seen_from"], name="reports_snapshot_unbilled_seen"),
            models.Index(fields=["firm", "activity_id"], name="reports_snapshot_unbilled_of"),
        ]


class SnapshotReceivable(SnapshotRow):
    """A part of what a bill owed: `amount`, with `tax` and `interest` in it. aged_from: due or issued, by the rule."""

    bill_id = models.BigIntegerField()
    timekeeper_id = clio_id()
    matter_id = clio_id()
    payer_id = clio_id()
    currency = currency()
    issued_on = models.DateField(null=True)
    aged_from = models.DateField(null=True)
    amount = minor()
    tax = minor()
    interest = minor()

    class Meta(SnapshotRow.Meta):
        db_table = "reports_snapshot_receivable"
        indexes = [
            models.Index(fields=["firm", "seen_until", "seen_from"], name="reports_snapshot_owed_seen"),
            models.Index(fields=["firm", "bill_id"], name="reports_snapshot_owed_of"),
        ]


class SnapshotTrust(SnapshotRow):
    """A balance held in trust. `client_id`: who paid it in."""

    bank_account_id = clio_id()
    matter_id = clio_id()
    client_id = clio_id()
    currency = currency()
    amount = minor()

    class Meta(SnapshotRow.Meta):
        db_table = "reports_snapshot_trust"
        indexes = [models.Index(fields=["firm", "seen_until", "seen_from"], name="reports_snapshot_trust_seen")]


class SnapshotMatter(SnapshotRow):
    """A matter with the status and the dates it had."""

    matter_id = models.BigIntegerField()
    status = models.TextField(null=True)  # noqa: DJ001 - as Clio has it
    opened_on = models.DateField(null=True)
    pending_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    stage_since = models.DateField(null=True)

    class Meta(SnapshotRow.Meta):
        db_table = "reports_snapshot_matter"
        indexes = [models.Index(fields=["firm", "seen_until", "seen_from"], name="reports_snapshot_matter_seen")]
