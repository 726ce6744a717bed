"""What a person proves their identity with besides the password. Nothing here can be read back as it was given."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Authenticator(models.Model):
    """A person's authenticator app. `last_step` is the last time step whose code was taken: no code works twice."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed_key = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"authenticator #{self.pk}"


class Phone(models.Model):
    """A person's number for text messages, in E.164; it counts once a code sent to it was given back."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=16)
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"phone #{self.pk}"


class SentCode(models.Model):
    """A code sent by text message: five minutes, five tries, once. Only its keyed digest is kept.

    Where the vendor makes and checks the code, `vendor_sid` names its verification and there is no digest. It proves
    the number it was sent to (`number_digest`, keyed) and no other, whatever number the person has named since.
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        STEP_UP = "step_up"
        PHONE = "phone"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose)
    code_digest = models.CharField(max_length=64, blank=True, default="")
    vendor_sid = models.CharField(max_length=34, blank=True, default="", db_default="")
    number_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "purpose", "-id"], name="accounts_sentcode_user")]

    def __str__(self) -> str:
        return f"{self.purpose} code #{self.pk}"


class RecoveryCode(models.Model):
    """One of ten codes on paper, for the day the phone is gone. Only its keyed digest is kept; it works once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    code_digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_digest"], name="accounts_recoverycode_once")]

    def __str__(self) -> str:
        return f"recovery code #{self.pk}"


class TrustedDevice(models.Model):
    """A device that need not prove the second factor at sign-in for a while. Only the token's hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"trusted device #{self.pk}"
