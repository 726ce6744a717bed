"""What the daily checks of the ledger found, kept."""

from django.db import models
from django.db.models.functions import Now


class LedgerCheck(models.Model):
    """One check of a day: ours beside Clio's in minor units, `explained` of the difference; `faults`: records at fault.

    receivable: restated receivables of today with overpaid bills, beside the balances of approved bills; one a
    currency. bill: bills whose lines or balance do not add up. trust: accounts and matters whose balance does not.
    """

    class Kind(models.TextChoices):
        RECEIVABLE = "receivable"
        BILL = "bill"
        TRUST = "trust"

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    checked_on = models.DateField(help_text="in the firm's time zone")
    kind = models.CharField(max_length=10, choices=Kind)
    currency = models.TextField(default="", help_text="of receivables")
    ours = models.BigIntegerField(null=True)
    clios = models.BigIntegerField(null=True)
    explained = models.BigIntegerField(null=True)
    faults = models.BigIntegerField()
    mirror_version = models.BigIntegerField()
    checked_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "reports_ledger_check"
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "checked_on", "kind", "currency"], name="reports_ledger_check_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} check of firm {self.firm_id} on {self.checked_on}"
