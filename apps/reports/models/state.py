"""What a firm's ledger was built from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

# Raise it with every change of what the ledger's SQL or rules make of the same mirror: ledgers of another revision are
# built anew at the next nudge.
LEDGER_REVISION = 14


class LedgerState(models.Model):
    """One row per firm. `generation` grows with every rebuild, so that a reader notices an exchange under its hands."""

    firm = models.OneToOneField("accounts.Firm", primary_key=True, on_delete=models.CASCADE, related_name="+")
    generation = models.BigIntegerField(default=0)
    mirror_version = models.BigIntegerField()
    revision = models.IntegerField(help_text="LEDGER_REVISION at the build")
    currency = models.CharField(max_length=3, help_text="the firm's, at the build")
    currencies = ArrayField(models.TextField(), db_default=[], help_text="of all money in the ledger")
    time_zone = models.CharField(max_length=64, help_text="the firm's, at the build")
    settings_version = models.BigIntegerField(db_default=0, help_text="of what the firm keeps and it is made with")
    built_at = models.DateTimeField()
    built_for = models.DateField(null=True, help_text="the day that was today at the build")
    stale_on = models.DateField(null=True, help_text="the day a record dated ahead comes to count; NULL: none is")
    unreconciled_bills = models.BigIntegerField(default=0)
    unbalanced_bills = models.BigIntegerField(default=0)
    hidden_rows = models.BigIntegerField(default=0)

    class Meta:
        db_table = "reports_ledger_state"

    def __str__(self) -> str:
        return f"ledger of firm {self.firm_id}, generation {self.generation}"


class LedgerProgress(models.Model):
    """How far the first build of a firm's ledger has come; gone when the ledger stands and has a LedgerState.

    What is built already was made from the mirror at `mirror_version` or later, under these settings, for that day.
    """

    class Stage(models.TextChoices):
        ACTIVITIES = "activities"
        BILLS = "bills"

    firm = models.OneToOneField("accounts.Firm", primary_key=True, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ACTIVITIES)
    after_id = models.BigIntegerField(default=0, help_text="the last record that is built")
    mirror_version = models.BigIntegerField()
    revision = models.IntegerField()
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=64)
    settings_version = models.BigIntegerField(db_default=0)
    built_for = models.DateField()

    class Meta:
        db_table = "reports_ledger_progress"

    def __str__(self) -> str:
        return f"first build of the ledger of firm {self.firm_id}, {self.stage} after {self.after_id}"
