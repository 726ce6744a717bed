"""A signed-in device. The row is the truth; tokens only point at it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Session(models.Model):
    """One chain of refresh tokens, each kept as a hash of its id; `previous_token_hash` tells reuse from a retry."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64)
    previous_token_hash = models.CharField(max_length=64, blank=True, default="")
    rotated_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=40, blank=True, default="")
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="accounts_session_user")]

    def __str__(self) -> str:
        return f"session #{self.pk}"
