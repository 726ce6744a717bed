"""Addresses that must not be written to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Suppression(models.Model):
    """One reason not to use an address on a channel, until it is released.

    The row is seen by whoever knows the address, by its keyed digest; the address itself is sealed, and
    `masked_address` as much of it as staff may see.
    """

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce"
        COMPLAINT = "complaint"
        STOP = "stop"
        INVALID = "invalid"

    channel = models.CharField(max_length=10)
    address_digest = models.CharField(max_length=64)
    sealed_address = models.TextField()
    masked_address = models.CharField(max_length=100, blank=True, default="", db_default="")
    reason = models.CharField(max_length=20, choices=Reason)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address_digest", "reason"],
                condition=Q(released_at__isnull=True),
                name="notifications_suppression_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} suppression #{self.pk}"
