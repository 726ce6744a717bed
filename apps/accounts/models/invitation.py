"""An invitation by email, and what was agreed to with which version."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now

from apps.accounts.models.firm import Firm
from apps.core.scope import Level, Role, ScopeKind


class Invitation(models.Model):
    """A place in a firm offered to an address. Only the digest of its token is kept; sending again makes a new one."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    scope = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ScopeKind])
    grants = models.JSONField(default=list)
    permissions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    level = models.CharField(
        max_length=10, choices=[(level.value, level.value) for level in Level], blank=True, default=""
    )
    clio_user_id = models.BigIntegerField(null=True)
    hides_client_names = models.BooleanField(default=False, db_default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "firm",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_invitation_one_open",
            )
        ]
        indexes = [models.Index(fields=["firm", "-id"], name="accounts_invitation_firm")]

    def __str__(self) -> str:
        return f"invitation #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None


class TermsAcceptance(models.Model):
    """Who accepted which version of a document for a firm, and when. The application may not change a row."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    document = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "document", "version"], name="accounts_termsacceptance_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"
