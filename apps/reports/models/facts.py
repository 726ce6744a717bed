"""Rows of the ledger added up by calendar month, so that long periods need not be added up row by row."""

from django.db import models

from apps.reports.models.derived import Derived, Numeric, clio_id, currency


class FactsState(models.Model):
    """That a firm's facts stand. Without a row they are not used.

    `built_for`: the day that was today, money and bills dated after it are left out of what is counted up to today.
    `due_on`: the first day on which one of those comes to count.
    """

    firm = models.OneToOneField("accounts.Firm", primary_key=True, on_delete=models.CASCADE, related_name="+")
    built_for = models.DateField()
    due_on = models.DateField(null=True)

    class Meta:
        db_table = "reports_facts_state"

    def __str__(self) -> str:
        return f"monthly facts of firm {self.firm_id}"


class MonthlyFacts(Derived):
    """Sums of one month. `depth`: 1 by person, 2 by matter, 3 by both; what a depth does not know is NULL in it.

    4 to 6: the same of a whole calendar year, under its January.
    """

    depth = models.SmallIntegerField()
    month = models.DateField(help_text="its first day")
    timekeeper_id = clio_id()
    matter_id = clio_id()
    currency = currency()
    entries = models.BigIntegerField()

    class Meta:
        abstract = True


class TimeFacts(MonthlyFacts):
    """Of reports_time, by the day of the work."""

    work_class = models.TextField()
    is_agreed_fee = models.BooleanField()
    lacks_hours = models.BooleanField()
    lacks_value = models.BooleanField()
    is_priced = models.BooleanField()
    lacks_cost = models.BooleanField()
    seconds = Numeric(null=True)
    dated_seconds = Numeric(null=True)
    late_seconds = Numeric(null=True)
    value = Numeric(null=True)
    standard = Numeric(null=True)
    billed_value = Numeric(null=True)
    cost = Numeric(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_time_facts"
        indexes = [
            models.Index(fields=["firm", "depth", "month"], name="reports_time_facts_month"),
            models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_time_facts_person"),
        ]


class LineFacts(MonthlyFacts):
    """Of reports_line, by issue date."""

    payer_id = clio_id()
    item = models.TextField()
    is_no_charge = models.BooleanField()
    is_hourly = models.BooleanField()
    lacks_worth = models.BooleanField()
    billing_method = models.TextField(null=True)  # noqa: DJ001 - NULL is Clio's default, hourly
    net = Numeric(null=True)
    taxes = Numeric(null=True)
    hours = Numeric(null=True)
    worked = Numeric(null=True)
    written_down = Numeric(null=True)
    line_discount = Numeric(null=True)
    bill_discount = Numeric(null=True)
    waited_for = Numeric(null=True)
    worth_days = Numeric(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_line_facts"
        indexes = [
            models.Index(fields=["firm", "depth", "month"], name="reports_line_facts_month"),
            models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_line_facts_person"),
        ]


class SettleFacts(MonthlyFacts):
    """Of reports_settle, by the day the money counts."""

    payer_id = clio_id()
    item = models.TextField()
    kind = models.TextField()
    method = models.TextField(null=True)  # noqa: DJ001 - NULL is a credit
    is_hourly = models.BooleanField()
    net = Numeric(null=True)
    taxes = Numeric(null=True)
    aged = Numeric(null=True)
    money_days = Numeric(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_settle_facts"
        indexes = [
            models.Index(fields=["firm", "depth", "month"], name="reports_settle_facts_month"),
            models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_settle_facts_person"),
        ]


class CohortFacts(MonthlyFacts):
    """Of reports_settle, by the issue date of the bill; what is settled up to today."""

    payer_id = clio_id()
    item = models.TextField()
    kind = models.TextField()
    is_hourly = models.BooleanField()
    is_within_90_days = models.BooleanField(null=True)
    net = Numeric(null=True)
    taxes = Numeric(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_cohort_facts"
        indexes = [
            models.Index(fields=["firm", "depth", "month"], name="reports_cohort_facts_month"),
            models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_cohort_facts_person"),
        ]


class PricedWorkFacts(MonthlyFacts):
    """What became of time entries, those of a known value apart, by the day of the work."""

    is_priced = models.BooleanField()
    net = Numeric(null=True)

    class Meta:
        abstract = True


class WorkBilledFacts(PricedWorkFacts):
    """Of the lines of time entries of a known value, by the day of the work; what is issued up to today."""

    class Meta(Derived.Meta):
        db_table = "reports_work_billed_facts"
        indexes = [
            models.Index(fields=["firm", "depth", "month"], name="reports_wbilled_facts_month"),
            models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_wbilled_facts_person"),
        ]


class WorkCollectedFacts(PricedWorkFacts):
    """Of the payments on those lines, by the day of the work; what is settled up to today."""

    class Meta(Derived.Meta):
        db_table = "reports_work_collected_facts"
        indexes = [
            models.Index(fields=["firm", "depth", "month"], name="reports_wpaid_facts_month"),
            models.Index(fields=["firm", "depth", "timekeeper_id", "month"], name="reports_wpaid_facts_person"),
        ]
