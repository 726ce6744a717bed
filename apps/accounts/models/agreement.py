"""What a person agreed to for themselves."""

from django.conf import settings
from django.db import models


class PersonalAgreement(models.Model):
    """Which version of a document a person agreed to when they made their account, or since. Never changed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    document = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "document", "version"], name="accounts_personalagreement_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"
