"""A firm's copy of everything, its erasure, and the proof that stays."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from apps.accounts.models.firm import Firm
from apps.core.uuids import UuidV7


class FirmExport(models.Model):
    """A copy of everything a firm has here, made by a job and kept as a file for a while."""

    class Status(models.TextChoices):
        PENDING = "pending"
        READY = "ready"
        EXPIRED = "expired"

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    file = models.CharField(max_length=200, blank=True, default="", help_text="its name in the storage")
    size_bytes = models.BigIntegerField(default=0)
    records = models.BigIntegerField(default=0)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=models.Q(status="pending"), name="accounts_firmexport_one_pending"
            )
        ]
        indexes = [models.Index(fields=["firm", "-id"], name="accounts_firmexport_firm")]

    def __str__(self) -> str:
        return f"export #{self.pk}"

    def is_ready_at(self, now: datetime) -> bool:
        """Tell whether the file can be fetched at an instant."""
        return self.status == self.Status.READY and self.expires_at is not None and self.expires_at > now


class FirmErasure(models.Model):
    """An owner's wish to have the firm erased, carried out after a delay unless stopped."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField()
    erase_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=models.Q(stopped_at__isnull=True), name="accounts_firmerasure_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"erasure #{self.pk}"


class ErasureProof(models.Model):
    """What stays of an erased firm: that it was erased, when, at whose wish, and how many rows of each kind went.

    It names nobody: the firm by its former public id, the person by their number. No firm's wall can hold it, because
    there is no firm any more.
    """

    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    firm_public_id = models.UUIDField(unique=True)
    requested_by_id = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    erased_at = models.DateTimeField()
    removed = models.JSONField(help_text="eraser -> rows removed")
    may_be_seen_by = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], help_text="ids of whoever asked and of the owners then"
    )
    digest = models.CharField(
        max_length=64, default="", db_default="", blank=True, help_text="SHA-256 of the proof's text"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"ERA-{self.public_id}"
