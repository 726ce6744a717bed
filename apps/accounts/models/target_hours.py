"""How many billable hours a timekeeper is meant to record in a month (kpis.md K4)."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models.firm import Firm


class TargetHours(models.Model):
    """Holds from the first day of its month until the timekeeper's next row. `monthly_hours` 0: no target any more.

    timekeeper_id: Clio's id of the user; a timekeeper need not be a member here.
    """

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField(help_text="the first of a month")
    monthly_hours = models.DecimalField(max_digits=6, decimal_places=2)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "timekeeper_id", "starts_on"], name="accounts_targethours_once"),
            models.CheckConstraint(
                condition=Q(monthly_hours__gte=Decimal(0), monthly_hours__lte=Decimal(744)),
                name="accounts_targethours_within_a_month",
            ),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="accounts_targethours_from_the_first"),
        ]

    def __str__(self) -> str:
        return f"target hours #{self.pk}"
