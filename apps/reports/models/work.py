"""TIME and EXPENSE of kpis.md section 2."""

from django.db import models

from apps.reports.models.derived import Derived, Numeric, clio_id, currency


class WorkClass(models.TextChoices):
    BILLABLE = "billable"
    NON_BILLABLE = "non_billable"
    NO_CHARGE = "no_charge"


class UnbilledAs(models.TextChoices):
    """What an entry is while it is on no approved bill; NULL: never work in progress."""

    FEES = "fees"
    EXPENSES = "expenses"
    CONTINGENCY_FEES = "contingency_fees"


class Entry(Derived):
    """An activity. `billed_on`: issue date of the earliest approved bill it is on. `category_id`: see LedgerCategory.

    NULL money, hours: hidden (R13).
    """

    pk = models.CompositePrimaryKey("firm_id", "activity_id")
    activity_id = models.BigIntegerField()
    worked_on = models.DateField(null=True)
    timekeeper_id = clio_id()
    matter_id = clio_id()
    work_class = models.CharField(max_length=12, choices=WorkClass)
    currency = currency()
    value = models.BigIntegerField(null=True, help_text="minor units")
    unbilled_as = models.CharField(max_length=16, choices=UnbilledAs, null=True)  # noqa: DJ001 - NULL is never
    billed_on = models.DateField(null=True)
    category_id = clio_id()

    class Meta(Derived.Meta):
        abstract = True


class LedgerTime(Entry):
    """A time entry. `value` is TIME.worked; `seconds` are the rounded ones, none for agreed fees.

    `standard`: 3600 times the standard value (K7), exact: the timekeeper's rate in minor units x seconds, an agreed
    fee's own value; NULL without a rate. `entered_on`: when it was written down.
    """

    seconds = Numeric(null=True)
    raw_seconds = Numeric(null=True)
    is_agreed_fee = models.BooleanField(help_text="flat rate or contingency fee")
    standard = Numeric(null=True, help_text="minor units x 3600")
    entered_on = models.DateField(null=True, help_text="in the firm's time zone")
    cost = Numeric(null=True, help_text="3600 times what the hours cost, in minor units of the firm's currency")

    class Meta(Entry.Meta):
        db_table = "reports_time"
        indexes = [
            models.Index(fields=["firm", "worked_on"], name="reports_time_worked_on"),
            models.Index(
                fields=["firm", "billed_on"],
                condition=models.Q(unbilled_as__isnull=False),
                name="reports_time_unbilled",
            ),
            models.Index(fields=["firm", "timekeeper_id", "worked_on"], name="reports_time_of_person"),
            models.Index(
                fields=["firm"],
                condition=models.Q(seconds__isnull=True) | models.Q(value__isnull=True),
                name="reports_time_hidden",
            ),
        ]


class LedgerExpense(Entry):
    """An expense entry of any kind. `value` is EXPENSE.amount."""

    type = models.TextField()

    class Meta(Entry.Meta):
        db_table = "reports_expense"
        indexes = [
            models.Index(fields=["firm", "worked_on"], name="reports_expense_worked_on"),
            models.Index(
                fields=["firm", "billed_on"],
                condition=models.Q(unbilled_as__isnull=False),
                name="reports_expense_unbilled",
            ),
            models.Index(fields=["firm"], condition=models.Q(value__isnull=True), name="reports_expense_hidden"),
        ]
