"""What a person wants to hear, and when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from apps.notifications.contracts import Channel, Choice


class Preference(models.Model):
    """A person's own choice for one kind on one channel. No row: the kind's default holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=[(channel.value, channel.name) for channel in Channel])
    choice = models.CharField(max_length=10, choices=[(choice.value, choice.name) for choice in Choice])
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="notifications_preference_once"),
            models.CheckConstraint(
                condition=~Q(choice=Choice.DIGEST.value) | Q(channel=Channel.EMAIL.value),
                name="notifications_preference_digest_is_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"preference of user #{self.user_id}"


class QuietHours(models.Model):
    """Local times, in the zone of the contact card, between which a person is left alone. No row: never."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True)
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta:
        verbose_name_plural = "quiet hours"
        constraints = [
            models.CheckConstraint(condition=~Q(starts_at=F("ends_at")), name="notifications_quiethours_some"),
        ]

    def __str__(self) -> str:
        return f"quiet hours of user #{self.pk}"


class DigestSchedule(models.Model):
    """When a person's next daily digest is due; kept for those who gather at least one kind in it.

    `last_day`: the local day of the last one. It only grows, so that no day has two.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True)
    hour = models.PositiveSmallIntegerField(default=8, help_text="local, 0 to 23")
    next_at = models.DateTimeField(null=True, help_text="empty: nothing is gathered")
    last_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__gte=0, hour__lte=23), name="notifications_digest_hour"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="notifications_digest_due"),
        ]

    def __str__(self) -> str:
        return f"digest of user #{self.pk}"


class OutsideRefusal(models.Model):
    """An outside address that wants no more of one kind in a firm's name. The address is kept as its digest only."""

    firm_id = models.BigIntegerField()
    address_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm_id", "address_digest", "kind"], name="notifications_refusal_once"),
        ]

    def __str__(self) -> str:
        return f"outside refusal #{self.pk}"
