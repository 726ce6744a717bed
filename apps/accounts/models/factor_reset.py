"""Somebody who knows the password says they lost their second factor."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class FactorReset(models.Model):
    """A request to take the second factors off an account, with its way through notices, delay and staff.

    requested -> approved (by staff, with a reason) -> done, or stopped on the way: by the person, an owner of a firm of
    theirs, a factor that was proved after all, staff, or because nobody approved it until `expires_at`. Not done before
    `earliest_at`. `is_only_owner`: nobody else could object for one of the firms, so the delay is longer.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested"
        APPROVED = "approved"
        DONE = "done"
        STOPPED = "stopped"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    requested_at = models.DateTimeField()
    earliest_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    is_only_owner = models.BooleanField(default=False)
    owners_told = models.PositiveIntegerField(default=0)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=500, blank=True, default="", help_text="staff's, for approving or refusing")
    done_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(status__in=["requested", "approved"]), name="accounts_factorreset_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status="requested", approved_at__isnull=True) | ~Q(status="requested"),
                name="accounts_factorreset_requested",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "done"]) | (Q(approved_at__isnull=False) & ~Q(reason="")),
                name="accounts_factorreset_approved_why",
            ),
            models.CheckConstraint(
                condition=Q(status="done", done_at__gte=F("earliest_at"))
                | (~Q(status="done") & Q(done_at__isnull=True)),
                name="accounts_factorreset_done_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="stopped", stopped_at__isnull=False) & ~Q(stopped_because=""))
                | (~Q(status="stopped") & Q(stopped_at__isnull=True, stopped_because="")),
                name="accounts_factorreset_stopped_why",
            ),
            models.CheckConstraint(condition=~Q(approved_by=F("user")), name="accounts_factorreset_not_by_oneself"),
            models.CheckConstraint(
                condition=Q(earliest_at__gt=F("requested_at"), expires_at__gt=F("earliest_at")),
                name="accounts_factorreset_waits",
            ),
        ]
        indexes = [
            models.Index(
                fields=["earliest_at"],
                condition=Q(status__in=["requested", "approved"]),
                name="accounts_factorreset_open",
            ),
            models.Index(fields=["-id"], name="accounts_factorreset_latest"),
        ]

    def __str__(self) -> str:
        return f"factor reset #{self.pk}"
