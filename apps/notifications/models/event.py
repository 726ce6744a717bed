"""What vendors tell about messages, kept once each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.notifications.models.message import Delivery


class ProviderEvent(models.Model):
    """One verified callback: about a delivery of ours, or a message somebody sent to our number. The row is the job.

    `delivery_key` names the callback, so that the same one is kept once. `user` and `firm_id` repeat the delivery's,
    for the walls; an inbound message is seen by whoever knows the number it came from.
    """

    vendor = models.CharField(max_length=10)
    delivery_key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="events")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    firm_id = models.BigIntegerField(null=True)
    vendor_message_id = models.CharField(max_length=200, blank=True, default="")
    address_digest = models.CharField(max_length=64)
    sealed_address = models.TextField()
    code = models.CharField(max_length=40, blank=True, default="", help_text="the vendor's own word for the reason")
    makes_unusable = models.CharField(
        max_length=20, blank=True, default="", help_text="what it says about the address for good"
    )
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    available_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0)
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "delivery_key"], name="notifications_event_once"),
            models.CheckConstraint(
                condition=Q(delivery__isnull=True, user__isnull=True, firm_id__isnull=True)
                | (Q(delivery__isnull=False) & (Q(user__isnull=False) | Q(firm_id__isnull=False))),
                name="notifications_event_owned",
            ),
        ]
        indexes = [
            models.Index(fields=["available_at"], condition=Q(handled_at__isnull=True), name="notifications_event_due"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor} {self.kind} #{self.pk}"


class UsedToken(models.Model):
    """A token of a signed callback that was taken once and never is again; kept as long as its time stamp is valid."""

    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"token #{self.pk}"
