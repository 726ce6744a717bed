"""A change of a person's email address, which both addresses must agree to."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class EmailChange(models.Model):
    """One wish to change an address. The new one is kept encrypted; nothing tells whether somebody else has it.

    `session_id`: the session in which it was asked for, which outlives the change. `old_confirmed_at` and
    `new_confirmed_at`: when each mailbox agreed. It is open until it is done, stopped or too old.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed_email = models.TextField()
    session_id = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.CharField(max_length=40, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(stopped_at__isnull=True, done_at__isnull=True),
                name="accounts_emailchange_one_open",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True)
                | Q(old_confirmed_at__isnull=False, new_confirmed_at__isnull=False, stopped_at__isnull=True),
                name="accounts_emailchange_done_by_both",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_because="")
                | (Q(stopped_at__isnull=False) & ~Q(stopped_because="")),
                name="accounts_emailchange_stopped_why",
            ),
        ]

    def __str__(self) -> str:
        return f"email change #{self.pk}"
