"""Links that were mailed to a person: each works once, and only its hash is kept."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class MailedToken(models.Model):
    """What a mailed link stands for. `sealed_details` is encrypted: what happens once the link is confirmed."""

    class Purpose(models.TextChoices):
        VERIFY_EMAIL = "verify_email"
        RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
        CONFIRM_NEW_EMAIL = "confirm_new_email"
        CONFIRM_OLD_EMAIL = "confirm_old_email"
        STOP_EMAIL_CHANGE = "stop_email_change"
        STOP_FACTOR_RESET = "stop_factor_reset"
        KEEP_ACCOUNT = "keep_account"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_details = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "purpose"], name="accounts_mailedtoken_user")]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"
