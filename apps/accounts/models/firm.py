"""A law firm and who belongs to it."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from apps.core.scope import Level, Role, ScopeKind
from apps.core.uuids import UuidV7


def monday_to_friday() -> list[int]:
    """Return the working days of a firm that has said nothing about them."""
    return [1, 2, 3, 4, 5]


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
    working_days = ArrayField(
        models.PositiveSmallIntegerField(), default=monday_to_friday, help_text="ISO weekdays, 1 Monday"
    )
    holidays = models.JSONField(default=dict, help_text="ISO date -> name")
    daily_hours = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("8.00"))
    own_work_includes_matters = models.BooleanField(
        default=True,
        db_default=True,
        help_text="who sees their own work sees matters they are responsible for or originated too",
    )
    targets = models.JSONField(default=dict, help_text="KPI's key -> decimal as text")
    onboarding_steps = models.JSONField(default=dict, help_text="step -> instant it was completed")
    erasing_since = models.DateTimeField(null=True, help_text="set inside the transaction that erases the firm")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start_month__range=(1, 12)), name="accounts_firm_fiscal_month"
            ),
            models.CheckConstraint(
                condition=models.Q(daily_hours__gt=0, daily_hours__lte=24), name="accounts_firm_daily_hours"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holiday_dates(self) -> tuple[date, ...]:
        """The firm's holidays in order."""
        return tuple(sorted(date.fromisoformat(day) for day in self.holidays))


class Membership(models.Model):
    """A person's place in a firm: role, scope, extra permissions, and the Clio user they are.

    level: of a consultant only. A trigger of the database refuses to leave a firm without an active owner. An ended
    membership is kept, so that what the person did stays theirs; another invitation opens it again.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        ENDED = "ended"

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    scope = models.CharField(
        max_length=10, choices=[(kind.value, kind.value) for kind in ScopeKind], default=ScopeKind.SELF.value
    )
    grants = models.JSONField(default=list, help_text="for a subset: the conditions, kpis.md section 7")
    permissions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    clio_user_id = models.BigIntegerField(null=True)
    level = models.CharField(
        max_length=10, choices=[(level.value, level.value) for level in Level], blank=True, default=""
    )
    hides_client_names = models.BooleanField(
        default=False, db_default=False, help_text="clients and matters are shown by a number instead of their names"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    status_reason = models.CharField(max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "user"], name="accounts_membership_once"),
            models.UniqueConstraint(
                fields=["firm", "clio_user_id"],
                condition=models.Q(clio_user_id__isnull=False, status="active"),
                name="accounts_membership_clio_user_once",
            ),
            models.CheckConstraint(
                condition=models.Q(level="") | models.Q(role="consultant"), name="accounts_membership_level"
            ),
        ]
        indexes = [models.Index(fields=["user"], name="accounts_membership_user")]

    def __str__(self) -> str:
        return f"{self.role} #{self.pk}"
