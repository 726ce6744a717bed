"""Forecasts of collections as they were made, and what came in."""

from django.db import models
from django.db.models.functions import Now


class ForecastWeekKept(models.Model):
    """A week of a forecast of the whole firm, as it was told on the day; money in minor units.

    came_in: what that week brought of the same bills and work, looked at once when all weeks of the forecast were over.
    low, high: the band, where there was one. method_version: see contracts/forecast.py.
    """

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    currency = models.TextField()
    made_on = models.DateField(help_text="in the firm's time zone")
    starts_on = models.DateField()
    method_version = models.PositiveSmallIntegerField()
    from_receivables = models.BigIntegerField()
    from_unbilled = models.BigIntegerField()
    total = models.BigIntegerField()
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    came_in = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    scored_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reports_forecast_week"
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "currency", "made_on", "starts_on"], name="reports_forecast_week_once"
            ),
            models.CheckConstraint(
                condition=models.Q(came_in__isnull=True, scored_at__isnull=True)
                | models.Q(came_in__isnull=False, scored_at__isnull=False),
                name="reports_forecast_week_scored",
            ),
        ]

    def __str__(self) -> str:
        return f"week {self.starts_on} of the forecast of firm {self.firm_id} made on {self.made_on}"
