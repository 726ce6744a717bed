"""The firm's connection to Clio, and the attempts to make one."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ClioConnection(models.Model):
    """One firm's grant in Clio: whose account it is, the tokens (encrypted), and whether it still works.

    A disconnected row stays without tokens, so that neither another account's books flow into this firm's mirror nor
    this account's into another firm's.
    """

    class Status(models.TextChoices):
        CONNECTED = "connected"
        REVOKED = "revoked"
        DISCONNECTED = "disconnected"

    firm = models.OneToOneField("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    region = models.CharField(max_length=2)
    clio_account_id = models.BigIntegerField()
    clio_account_name = models.TextField()
    clio_user_id = models.BigIntegerField()
    clio_user_name = models.TextField()
    clio_user_since = models.DateTimeField(
        db_default=Now(), help_text="since when it is this user: another one may see other records"
    )
    users_told_to = models.DateTimeField(
        null=True, help_text="accounts was told of the users who were seen off up to then"
    )
    access_token = models.TextField(blank=True, default="", help_text="encrypted")
    refresh_token = models.TextField(blank=True, default="", help_text="encrypted")
    expires_at = models.DateTimeField(null=True)
    # Who refreshes the tokens holds a claim that expires; nothing is locked over the network.
    refresh_claim = models.UUIDField(null=True)
    refresh_claimed_until = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.CONNECTED)
    status_changed_at = models.DateTimeField(db_default=Now())
    connected_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    connected_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "clio_connections"
        constraints = [
            models.UniqueConstraint(fields=["region", "clio_account_id"], name="clio_connection_one_firm_per_account"),
        ]

    def __str__(self) -> str:
        return f"Clio account {self.clio_account_id} ({self.region})"


class ConnectAttempt(models.Model):
    """Somebody of the firm was sent to Clio to allow the connection; the state that comes back proves it, once.

    It must come back in the browser that was sent: otherwise a link passed on to another firm's Clio user would bring
    that firm's books here.
    """

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    region = models.CharField(max_length=2)
    state_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the state")
    browser_hash = models.CharField(max_length=64, help_text="SHA-256 of the cookie the browser was given")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clio_connect_attempts"

    def __str__(self) -> str:
        return f"attempt {self.pk}"
