"""Closed months (kpis.md R16): what was closed when and by whom, and the rows its figures were made of."""

from django.conf import settings
from django.db import models

from apps.core.uuids import UuidV7
from apps.reports.models.derived import Derived, clio_id


class PeriodClose(models.Model):
    """A closing of a calendar month. `version`: of the month, 1 for the first; one reopened stays on record.

    closed_on: the day that was today, up to which money paid later counts. generation, mirror_version: of the ledger
    it was made from. currency, counts_no_charge_as_billable: what held then and figures depend on. checksum: of its
    frozen rows. checked_at, is_sound: whether they still come to it, as looked at last. has_sums: their sums are kept
    too, under families of their own.
    """

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    month = models.DateField(help_text="its first day")
    version = models.PositiveIntegerField()
    closed_at = models.DateTimeField()
    closed_on = models.DateField(help_text="in the firm's time zone")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    generation = models.BigIntegerField()
    mirror_version = models.BigIntegerField()
    last_allocation_id = models.BigIntegerField(null=True, help_text="Clio's ids rise: what is above it came later")
    currency = models.CharField(max_length=3)
    counts_no_charge_as_billable = models.BooleanField()
    merged_people = models.JSONField(db_default=[], default=list, help_text="pairs of Clio's ids: who, under whom")
    keeps_targets = models.BooleanField(db_default=False, default=False, help_text="earlier closes kept none")
    row_count = models.BigIntegerField(default=0)
    checksum = models.CharField(max_length=64, default="")
    checked_at = models.DateTimeField(null=True)
    is_sound = models.BooleanField(default=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reopen_reason = models.TextField(default="")
    has_sums = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "month", "version"], name="reports_periodclose_version"),
            models.UniqueConstraint(
                fields=["firm", "month"],
                condition=models.Q(reopened_at__isnull=True),
                name="reports_periodclose_once",
            ),
        ]

    def __str__(self) -> str:
        return f"close {self.version} of {self.month:%Y-%m} of firm {self.firm_id}"


class FrozenRow(Derived):
    """A row behind figures of a closed month, as a family of sources reads it (queries/sources/frozen.py).

    row_id, row_part: what tells the rows of a family apart. placed_on: the date that places it. keys: its other
    dimensions, by name; figures: what measures look at, by name. What is missing in them was not there.
    """

    id = models.BigAutoField(primary_key=True)
    close = models.ForeignKey(
        PeriodClose, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    family = models.CharField(max_length=24)
    row_id = clio_id()
    row_part = models.TextField(default="")
    placed_on = models.DateField()
    currency = models.TextField(null=True)  # noqa: DJ001 - NULL: of no currency
    timekeeper_id = clio_id()
    matter_id = clio_id()
    payer_id = clio_id()
    keys = models.JSONField()
    figures = models.JSONField()

    class Meta(Derived.Meta):
        db_table = "reports_frozen_row"
        indexes = [
            models.Index(fields=["firm", "family", "placed_on", "close"], name="reports_frozen_row_placed"),
            models.Index(fields=["firm", "family", "timekeeper_id", "placed_on"], name="reports_frozen_row_person"),
        ]
