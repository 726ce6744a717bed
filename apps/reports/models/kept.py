"""What a firm keeps beside Clio: its rules, its tables, and a version of each (rules/kept_tables.py)."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Now

from apps.reports.contracts.kept import AgingBasis, CapacityBasis, LeaderboardNames, PaymentAllocation


class Kept(models.Model):
    """A row that people of a firm wrote. Clio's ids are not tied to a table: a record may leave Clio, its rows stay."""

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


def once(name: str, *fields: str) -> models.UniqueConstraint:
    """Return the constraint that a row is there once; what is empty is a value like any other."""
    return models.UniqueConstraint(fields=["firm", *fields], nulls_distinct=False, name=name)


def money() -> "models.DecimalField[Decimal, Decimal]":
    """Return a column for an amount in units of a currency."""
    return models.DecimalField(max_digits=14, decimal_places=2)


class Rules(models.Model):
    """A firm's choices where the definitions leave one; a firm without a row has the defaults of FirmRules."""

    firm = models.OneToOneField("accounts.Firm", primary_key=True, on_delete=models.CASCADE, related_name="+")
    payment_allocation = models.CharField(
        max_length=30, choices=[(each.value, each.value) for each in PaymentAllocation]
    )
    aging_basis = models.CharField(max_length=10, choices=[(each.value, each.value) for each in AgingBasis])
    counts_no_charge_as_billable = models.BooleanField()
    capacity_basis = models.CharField(max_length=10, choices=[(each.value, each.value) for each in CapacityBasis])
    leaderboard_names = models.CharField(max_length=10, choices=[(each.value, each.value) for each in LeaderboardNames])
    leaderboard_minimum_hours = models.DecimalField(max_digits=6, decimal_places=2)
    minimum_people = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "reports_rules"
        constraints = [
            models.CheckConstraint(condition=Q(minimum_people__range=(1, 50)), name="reports_rules_minimum_people"),
            models.CheckConstraint(
                condition=Q(leaderboard_minimum_hours__range=(0, 1000)), name="reports_rules_minimum_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"rules of firm {self.firm_id}"


class SettingsVersion(Kept):
    """How often a table of the firm's, or its rules, changed; the sum of all is the version of the settings."""

    subject = models.CharField(max_length=40)
    version = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "reports_settings_version"
        constraints = [once("reports_settings_version_once", "subject")]


class Target(Kept):
    """A plan for a month, of the firm, a practice area or a person (K44). currency: of money; empty: the firm's."""

    month = models.DateField()
    measure = models.CharField(max_length=12)
    practice_area_id = models.BigIntegerField(null=True)
    timekeeper_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="")
    amount = money()

    class Meta:
        db_table = "reports_target"
        constraints = [
            once("reports_target_once", "month", "measure", "practice_area_id", "timekeeper_id", "currency"),
            models.CheckConstraint(condition=Q(month__day=1), name="reports_target_of_a_month"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="reports_target_amount"),
            models.CheckConstraint(
                condition=Q(practice_area_id=None) | Q(timekeeper_id=None), name="reports_target_one_subject"
            ),
        ]


class CostRate(Kept):
    """What a person costs a year and how long they are expected to work; `hourly`: what an hour costs (K28)."""

    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    pay = money()
    benefits = money()
    overhead = money()
    expected_hours = models.DecimalField(max_digits=8, decimal_places=2)
    hourly = models.GeneratedField(
        expression=Cast(
            (F("pay") + F("benefits") + F("overhead")) / F("expected_hours"),
            models.DecimalField(max_digits=18, decimal_places=6),
        ),
        output_field=models.DecimalField(max_digits=18, decimal_places=6),
        db_persist=True,
    )

    class Meta:
        db_table = "reports_cost_rate"
        constraints = [
            once("reports_cost_rate_once", "timekeeper_id", "starts_on"),
            models.CheckConstraint(condition=Q(expected_hours__gt=0), name="reports_cost_rate_hours"),
        ]


class StandardRate(Kept):
    """The list price of a person's hour from a day on (K7)."""

    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    rate = money()

    class Meta:
        db_table = "reports_standard_rate"
        constraints = [once("reports_standard_rate_once", "timekeeper_id", "starts_on")]


class CreditSplit(Kept):
    """A person's share of the credit for a matter, or for all matters of a client (K37)."""

    role = models.CharField(max_length=12)
    matter_id = models.BigIntegerField(null=True)
    client_id = models.BigIntegerField(null=True)
    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    ends_on = models.DateField(null=True)
    sunset_on = models.DateField(null=True)

    class Meta:
        db_table = "reports_credit_split"
        constraints = [
            once("reports_credit_split_once", "role", "matter_id", "client_id", "timekeeper_id", "starts_on"),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="reports_credit_split_percent"),
            models.CheckConstraint(
                condition=Q(matter_id=None, client_id__isnull=False) | Q(matter_id__isnull=False, client_id=None),
                name="reports_credit_split_one_subject",
            ),
        ]


class FeeSplit(Kept):
    """How collected fees are shared from a day on, in percent; the rest is the firm's (K38)."""

    starts_on = models.DateField()
    worked = models.DecimalField(max_digits=7, decimal_places=4)
    originating = models.DecimalField(max_digits=7, decimal_places=4)
    responsible = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        db_table = "reports_fee_split"
        constraints = [
            once("reports_fee_split_once", "starts_on"),
            models.CheckConstraint(
                condition=Q(worked__lte=100 - F("originating") - F("responsible")), name="reports_fee_split_at_most_100"
            ),
        ]


class WorkingTime(Kept):
    """How much a person works from a day on (K2); NULL: as the firm, or by default."""

    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    fte = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    daily_hours = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    working_days = ArrayField(models.PositiveSmallIntegerField(), null=True)
    is_partner = models.BooleanField(null=True)

    class Meta:
        db_table = "reports_working_time"
        constraints = [once("reports_working_time_once", "timekeeper_id", "starts_on")]


class EmploymentDates(Kept):
    """A span in which a person worked here, both ends included."""

    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        db_table = "reports_employment_dates"
        constraints = [
            once("reports_employment_dates_once", "timekeeper_id", "starts_on"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="reports_employment_dates_order"
            ),
        ]


class Leave(Kept):
    """Days a person is away, both ends included; percent: of each of them."""

    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        db_table = "reports_leave"
        constraints = [
            once("reports_leave_once", "timekeeper_id", "starts_on"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="reports_leave_order"),
        ]


class ExchangeRate(Kept):
    """What one unit of a currency is worth in another from a day on (R11)."""

    on_date = models.DateField()
    currency = models.CharField(max_length=3)
    quote_currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)

    class Meta:
        db_table = "reports_exchange_rate"
        constraints = [
            once("reports_exchange_rate_once", "on_date", "currency", "quote_currency"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="reports_exchange_rate_positive"),
        ]


class MergedTimekeeper(Kept):
    """A user of Clio whose figures stand under another one (kpis.md, edge case 21); Clio's ids stay as they are."""

    timekeeper_id = models.BigIntegerField()
    main_timekeeper_id = models.BigIntegerField()

    class Meta:
        db_table = "reports_merged_timekeeper"
        constraints = [
            once("reports_merged_timekeeper_once", "timekeeper_id"),
            models.CheckConstraint(
                condition=~Q(timekeeper_id=F("main_timekeeper_id")), name="reports_merged_timekeeper_other"
            ),
        ]


class MergedPracticeArea(Kept):
    """A practice area whose matters stand under another one (kpis.md, edge case 36)."""

    practice_area_id = models.BigIntegerField()
    main_practice_area_id = models.BigIntegerField()

    class Meta:
        db_table = "reports_merged_practice_area"
        constraints = [
            once("reports_merged_practice_area_once", "practice_area_id"),
            models.CheckConstraint(
                condition=~Q(practice_area_id=F("main_practice_area_id")), name="reports_merged_practice_area_other"
            ),
        ]


class FormerKeptRow(Kept):
    """A row about records of a Clio account the firm let go of: its ids may mean others in the next account.

    table_name: of the kept table; row: its cells as they were. Nothing is computed from it.
    """

    table_name = models.CharField(max_length=40)
    row = models.JSONField()
    put_away_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "reports_former_kept_row"
        indexes = [models.Index(fields=["firm", "table_name"], name="reports_former_kept_row_firm")]
