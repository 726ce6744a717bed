"""Reports that people of a firm made themselves."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from apps.core.uuids import UuidV7


class CustomReport(models.Model):
    """A report somebody declared; `definition` as the API takes and shows it. is_shared: all of the firm see it.

    owner: without one, since the person left us, it belongs to the firm. version: rises with every change.
    """

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=120)
    definition = models.JSONField()
    is_shared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["firm", "title"], name="reports_customreport_firm")]
        constraints = [models.UniqueConstraint(fields=["firm", "id"], name="reports_customreport_of_firm")]

    def __str__(self) -> str:
        return f"custom report #{self.pk}"


class CustomReportVersion(models.Model):
    """A report as it was declared at one time; the newest is what the report is now."""

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(CustomReport, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "report", "version"], name="reports_customreportversion_once")
        ]

    def __str__(self) -> str:
        return f"version {self.version} of custom report #{self.report_id}"
