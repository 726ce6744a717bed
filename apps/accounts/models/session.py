"""A signed-in device. The row is the truth; tokens only point at it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from apps.core.uuids import UuidV7


class Session(models.Model):
    """One chain of refresh tokens, each kept as a hash of its id; `previous_token_hash` tells reuse from a retry.

    `device` and `place` are words for the person's own list, of the last use. `methods` says how the person proved who
    they are (rules/methods.py); `factor_at` is when they last proved it by a second factor.
    """

    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64)
    previous_token_hash = models.CharField(max_length=64, blank=True, default="")
    rotated_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=40, blank=True, default="")
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True, default="")
    device = models.CharField(max_length=80, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    methods = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    factor_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="accounts_session_user")]

    def __str__(self) -> str:
        return f"session #{self.pk}"
