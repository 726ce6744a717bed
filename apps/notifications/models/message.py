"""What was said to whom, and each message's way there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.core.uuids import UuidV7


class Notification(models.Model):
    """Something said once, to a person or to an outside address. `firm_id` has no foreign key: accounts is above.

    `sealed_address`: where the person is reached with it instead of by their contact card, encrypted; mostly empty.

    The context is kept encrypted: it holds names and, in some kinds, links that must not be read by anyone else.
    `in_app`: it is in the person's inbox, decided when it was said; `public_id` is its name there, and its place.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    outside_email = models.EmailField(max_length=254, blank=True, default="")
    firm_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    sealed_context = models.TextField()
    sealed_address = models.TextField(blank=True, default="", db_default="")
    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    in_app = models.BooleanField(default=False, db_default=False)
    read_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, outside_email="")
                | (Q(user__isnull=True, firm_id__isnull=False) & ~Q(outside_email="")),
                name="notifications_notification_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(sealed_address="") | Q(user__isnull=False, in_app=False),
                name="notifications_notification_elsewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notifications_of_user"),
            models.Index(fields=["firm_id", "-id"], name="notifications_of_firm"),
            models.Index(
                fields=["user", "-public_id"],
                condition=Q(in_app=True, archived_at__isnull=True),
                name="notifications_inbox",
            ),
            models.Index(
                fields=["user", "-public_id"],
                condition=Q(in_app=True, archived_at__isnull=True, read_at__isnull=True),
                name="notifications_inbox_unread",
            ),
            models.Index(
                fields=["user", "-public_id"],
                condition=Q(in_app=True, archived_at__isnull=False),
                name="notifications_inbox_archive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


_UNSENT = ["pending", "sending", "held", "dead", "suppressed", "skipped"]
_NEEDS_REASON = ["dead", "suppressed", "skipped", "held"]


class Delivery(models.Model):
    """One message on one channel: the promise to send it, who is at it, and how it went. The row is the job.

    `user`, `firm_id` and `kind` repeat the notification's, for the walls and for lists. `message_key` names the message
    to vendors, and their events name it back; `vendor_message_id` is their name for it. `address_digest` says to where,
    without saying it, `masked_address` as much of it as staff may see. `gathered_in`: the digest with which it went.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        SENDING = "sending"
        HELD = "held"
        SENT = "sent"
        DELIVERED = "delivered"
        OPENED = "opened"
        CLICKED = "clicked"
        BOUNCED = "bounced"
        FAILED = "failed"
        COMPLAINED = "complained"
        DEAD = "dead"
        SUPPRESSED = "suppressed"
        SKIPPED = "skipped"

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    firm_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60, db_default="")
    channel = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    message_key = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    vendor_message_id = models.CharField(max_length=200, blank=True, default="")
    address_digest = models.CharField(max_length=64, blank=True, default="")
    masked_address = models.CharField(max_length=100, blank=True, default="", db_default="")
    gathered_in = models.ForeignKey(
        Notification, null=True, on_delete=models.SET_NULL, related_name="gathered", db_index=False
    )
    segments = models.PositiveSmallIntegerField(null=True, help_text="of an SMS, as counted by us")
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
                condition=Q(status__in=_UNSENT, sent_at__isnull=True)
                | (~Q(status__in=_UNSENT) & Q(sent_at__isnull=False)),
                name="notifications_delivery_sent_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_NEEDS_REASON, reason=""), name="notifications_delivery_dead_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=Q(status__in=["pending", "sending", "held"]),
                name="notifications_delivery_due",
            ),
            models.Index(fields=["-id"], condition=Q(status="dead"), name="notifications_delivery_dead"),
            models.Index(fields=["user", "-message_key"], name="notifications_delivery_user"),
            models.Index(fields=["firm_id", "-id"], name="notifications_delivery_firm"),
            models.Index(fields=["status", "-message_key"], name="notifications_delivery_status"),
            models.Index(fields=["kind", "-message_key"], name="notifications_delivery_kind"),
            models.Index(
                fields=["address_digest", "-message_key"],
                condition=~Q(address_digest=""),
                name="notifications_delivery_address",
            ),
            models.Index(fields=["user"], condition=Q(status="held"), name="notifications_delivery_held"),
            models.Index(
                fields=["gathered_in"], condition=Q(gathered_in__isnull=False), name="notifications_delivery_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} #{self.pk}"
