"""On which days a consultant looked at a firm among others."""

from django.db import models

from apps.accounts.models.firm import Firm, Membership


class ConsultantLook(models.Model):
    """One row per consultant, firm and day in the firm's zone: whoever inserts it tells the owners."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    looked_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "looked_on"], name="accounts_consultantlook_once")]

    def __str__(self) -> str:
        return f"look #{self.pk}"
