"""A firm's API key: a prefix to know it by and the digest of the rest."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from apps.accounts.models.firm import Firm, Membership


class ApiKey(models.Model):
    """Reads the firm's numbers as the member who made it, never more than that member may see at the moment.

    scopes: what it may read (core.access.KeyScope). permissions: the extra ones it may use, if its member holds them.
    """

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=24, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20))
    permissions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_used_ip = models.GenericIPAddressField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["firm", "-id"], name="accounts_apikey_firm")]

    def __str__(self) -> str:
        return self.prefix
