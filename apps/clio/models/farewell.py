"""Grants that were taken from us and are still to be given back."""

from django.db import models
from django.db.models.functions import Now


class Farewell(models.Model):
    """What it takes to remove our webhooks at Clio and give a grant back, kept until that is done or too late."""

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    region = models.CharField(max_length=2)
    access_token = models.TextField(help_text="encrypted")
    refresh_token = models.TextField(help_text="encrypted")
    begun_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "clio_farewells"
        indexes = [models.Index(fields=["firm"], name="clio_farewells_firm")]

    def __str__(self) -> str:
        return f"farewell {self.pk}"
