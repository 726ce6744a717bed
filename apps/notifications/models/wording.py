"""Staff's own words for a kind on a channel, in versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class WordingVersion(models.Model):
    """One version of the words, for all firms. The approved one is used instead of the file; parts never change.

    The database holds both: nobody but the staff role inserts, and of a row only state, approver and the two instants
    may be updated (0003_wording).
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        RETIRED = "retired"

    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    parts = models.JSONField()
    note = models.CharField(max_length=200, help_text="why the words were changed")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    approved_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "wording"
        verbose_name_plural = "wording"
        permissions = [("approve_wordingversion", "Can put wording into use and take it out of use")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "channel", "version"], name="notifications_wording_version"),
            models.UniqueConstraint(
                fields=["kind", "channel"], condition=Q(state="approved"), name="notifications_wording_one_approved"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="notifications_wording_approved_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}, version {self.version}"
