"""What Clio announces: the firm's webhooks, the inbox of their deliveries, and whose turn it is to work on them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Webhook(models.Model):
    """The firm's webhook of one of Clio's models, under an address of its own that nobody can guess.

    The address is kept as a digest: Clio tells it again with every list. A webhook made anew gets a new one; at the old
    one Clio is told that it is gone.
    """

    class State(models.TextChoices):
        OPENING = "opening"  # asked for; the handshake has not brought both sides together yet
        ENABLED = "enabled"
        REFUSED = "refused"  # Clio does not let the connected user have it

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    model = models.CharField(max_length=40)
    address_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the last part of the address")
    clio_webhook_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPENING)
    detail = models.TextField(blank=True, default="", help_text="what Clio said when it refused")
    sealed_secret = models.TextField(blank=True, default="", help_text="encrypted")
    # A secret that came before Clio's answer told the webhook's id, or that Clio has yet to confirm.
    held_secret = models.TextField(blank=True, default="", help_text="encrypted")
    held_for = models.BigIntegerField(null=True, help_text="id of the webhook it was given for, as far as told")
    held_until = models.DateTimeField(null=True)
    fields = models.TextField(blank=True, default="", help_text="as Clio took them")
    wanted = models.TextField(blank=True, default="", help_text="the fields as they were asked for")
    events = ArrayField(models.CharField(max_length=40), default=list, help_text="as Clio answered them")
    opened_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    lapse_told_at = models.DateTimeField(null=True, help_text="when the administrators were told that it runs out")

    class Meta:
        db_table = "clio_webhooks"
        constraints = [
            models.UniqueConstraint(fields=["firm", "model"], name="clio_webhook_one_per_model"),
            models.CheckConstraint(
                condition=~Q(state="enabled") | (Q(clio_webhook_id__isnull=False) & ~Q(sealed_secret="")),
                name="clio_webhook_enabled_by_a_secret",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} webhook {self.clio_webhook_id}"


class WebhookDelivery(models.Model):
    """Clio's hint that a record changed. The row is the job: it is handled once the record was read anew."""

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    model = models.CharField(max_length=40)
    event = models.CharField(max_length=40)
    record_id = models.CharField(max_length=100, help_text="some of Clio's ids are text")
    digest = models.BinaryField(help_text="SHA-256 of webhook, event, id and etag: the same hint is kept once")
    received_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, db_default="")

    class Meta:
        db_table = "clio_webhook_deliveries"
        constraints = [models.UniqueConstraint(fields=["firm", "digest"], name="clio_webhook_delivery_once")]
        indexes = [
            models.Index(fields=["firm", "id"], condition=Q(handled_at__isnull=True), name="clio_delivery_waiting"),
            models.Index(fields=["available_at"], condition=Q(handled_at__isnull=True), name="clio_delivery_due"),
            models.Index(fields=["firm", "received_at"], name="clio_delivery_received"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.record_id} {self.event}"


class WebhookCare(models.Model):
    """When the firm's webhooks were last compared with Clio's list, what came of it, and when it is due again."""

    firm = models.OneToOneField("accounts.Firm", primary_key=True, on_delete=models.CASCADE, related_name="+")
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    detail = models.TextField(blank=True, default="", help_text="why there are none, in words for people")

    class Meta:
        db_table = "clio_webhook_care"

    def __str__(self) -> str:
        return f"webhooks of firm {self.firm_id}"


class Turn(models.Model):
    """Whose turn it is at a task of the firm's that only one may be at; a turn that is not renewed ends by itself."""

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.CharField(max_length=20)
    held_by = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "clio_turns"
        constraints = [models.UniqueConstraint(fields=["firm", "task"], name="clio_turn_once")]

    def __str__(self) -> str:
        return f"{self.task} of firm {self.firm_id}"
