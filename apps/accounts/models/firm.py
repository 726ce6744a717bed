"""A law firm and who belongs to it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from apps.core.scope import Role, ScopeKind


class UuidV7(models.Func):
    """PostgreSQL's own time-ordered UUID."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()


class Firm(models.Model):
    """A law firm. Its `id` stays inside; addresses and answers carry `public_id`."""

    class WeekStart(models.IntegerChoices):
        MONDAY = 1
        SUNDAY = 7

    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    currency = models.CharField(max_length=3, default="USD")
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    week_starts_on = models.PositiveSmallIntegerField(choices=WeekStart, default=WeekStart.MONDAY)
    onboarding_steps = models.JSONField(default=dict, help_text="step -> instant it was completed")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start_month__range=(1, 12)), name="accounts_firm_fiscal_month"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a firm: role, scope, extra permissions, and the Clio user they are."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    scope = models.CharField(
        max_length=10, choices=[(kind.value, kind.value) for kind in ScopeKind], default=ScopeKind.SELF.value
    )
    grants = models.JSONField(default=list, help_text="for a subset: the conditions, kpis.md section 7")
    permissions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    clio_user_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "user"], name="accounts_membership_once")]
        indexes = [models.Index(fields=["user"], name="accounts_membership_user")]

    def __str__(self) -> str:
        return f"{self.role} #{self.pk}"
