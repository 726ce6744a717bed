"""A person's wish to be forgotten."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class AccountDeletion(models.Model):
    """Closed at once, kept for a while, then made nameless and emptied in small steps.

    `anonymized_at`: the account's row names nobody any more. `erased_at`: what was kept about the person is gone; the
    row of the account and the trail's entries stay, by number.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    requested_at = models.DateTimeField()
    delete_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    anonymized_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(stopped_at__isnull=True), name="accounts_accountdeletion_one_open"
            ),
            models.CheckConstraint(
                condition=Q(anonymized_at__isnull=True) | Q(stopped_at__isnull=True, anonymized_at__gte=F("delete_at")),
                name="accounts_accountdeletion_in_time",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(anonymized_at__isnull=False),
                name="accounts_accountdeletion_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["delete_at"],
                condition=Q(stopped_at__isnull=True, erased_at__isnull=True),
                name="accounts_accountdeletion_due",
            )
        ]

    def __str__(self) -> str:
        return f"account deletion #{self.pk}"
