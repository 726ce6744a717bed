"""Contact cards, what was said to whom, and each message's way there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class NewMessageKey(models.Func):
    """PostgreSQL's own time-ordered UUID."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()


class ContactCard(models.Model):
    """Where a person can be reached, pushed by accounts and read at the moment of sending."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=16, blank=True, default="", help_text="E.164, or empty")
    zone = models.CharField(max_length=64, default="UTC", help_text="IANA name")
    locale = models.CharField(max_length=20, default="en-US")
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"contact card of user #{self.pk}"


class Notification(models.Model):
    """Something said once, to a person or to an outside address. `firm_id` has no foreign key: accounts is above.

    The context is kept encrypted: it holds names and, in some kinds, links that must not be read by anyone else.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    outside_email = models.EmailField(max_length=254, blank=True, default="")
    firm_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    sealed_context = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, outside_email="")
                | (Q(user__isnull=True, firm_id__isnull=False) & ~Q(outside_email="")),
                name="notifications_notification_one_recipient",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notifications_of_user"),
            models.Index(fields=["firm_id", "-id"], name="notifications_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Delivery(models.Model):
    """One message on one channel: the promise to send it, who is at it, and how it went. The row is the job.

    `user` and `firm_id` repeat the notification's, for the walls. `message_key` names the message to vendors.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        SENDING = "sending"
        SENT = "sent"
        DEAD = "dead"

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    firm_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    message_key = models.UUIDField(db_default=NewMessageKey(), unique=True, editable=False)
    attempts = models.PositiveIntegerField(default=0)
    available_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="", help_text="why the last try failed")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="notifications_delivery_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(firm_id__isnull=False), name="notifications_delivery_owned"
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="notifications_delivery_sent_when",
            ),
            models.CheckConstraint(condition=~Q(status="dead", reason=""), name="notifications_delivery_dead_why"),
        ]
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=Q(status__in=["pending", "sending"]),
                name="notifications_delivery_due",
            ),
            models.Index(fields=["user", "-id"], name="notifications_delivery_user"),
            models.Index(fields=["firm_id", "-id"], name="notifications_delivery_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} #{self.pk}"
