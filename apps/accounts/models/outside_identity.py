"""Who a person is at an outside provider, and the attempts to prove it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from apps.core.uuids import UuidV7


class LinkedIdentity(models.Model):
    """A log-in elsewhere that opens a person's account in place of the password.

    Provider, region and subject identify; email, name and account are what the provider last stated, for people to know
    it by. One identity opens one account; a person may have several (a Clio user in each firm they work for).
    """

    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=20)
    region = models.CharField(max_length=10)
    subject = models.CharField(max_length=64)
    email = models.CharField(max_length=254, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    account_name = models.CharField(max_length=200, blank=True, default="")
    linked_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "region", "subject"], name="accounts_linkedidentity_one_account"
            )
        ]
        indexes = [models.Index(fields=["user"], name="accounts_linkedidentity_user")]

    def __str__(self) -> str:
        return f"{self.provider} identity #{self.pk}"


class IdentityAttempt(models.Model):
    """Somebody was sent to a provider to prove who they are; the state that comes back works once, in one browser.

    Nobody is signed in yet, so the row stands behind the digest of its own state. `sealed_details` is encrypted: what
    for, where to go on, and the secrets of the conversation with the provider.
    """

    state_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the state")
    browser_hash = models.CharField(max_length=64, help_text="SHA-256 of the cookie the browser was given")
    sealed_details = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="accounts_identityattempt_age")]

    def __str__(self) -> str:
        return f"attempt #{self.pk}"
