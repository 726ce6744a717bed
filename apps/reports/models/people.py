"""Who works and on what: the attributes rows are tested and grouped by, as they are today (R6)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BTreeIndex
from django.db import models

from apps.reports.models.derived import Derived, Numeric, clio_id


class LedgerMatter(Derived):
    """A matter's attributes."""

    pk = models.CompositePrimaryKey("firm_id", "matter_id")
    matter_id = models.BigIntegerField()
    client_id = clio_id()
    practice_area_id = clio_id()
    responsible_id = clio_id()
    originating_id = clio_id()
    group_id = clio_id()
    stage_id = clio_id()
    status = models.TextField(null=True)  # noqa: DJ001 - as Clio has it
    billing_method = models.TextField(null=True)  # noqa: DJ001 - NULL is Clio's default, hourly
    name = models.TextField(default="", help_text="display number and description")
    billable = models.BooleanField(null=True)
    opened_on = models.DateField(null=True, help_text="missing: made in Clio; of a pending matter: not opened yet")
    has_open_date = models.BooleanField(db_default=True)
    pending_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    stage_since = models.DateField(null=True, help_text="in the firm's time zone")
    last_entry_on = models.DateField(null=True, help_text="as Clio has it")
    created_on = models.DateField(null=True, help_text="in the firm's time zone")
    currency = models.TextField(db_default="", help_text="of budget and minimum: the matter's, else the firm's")
    budget = models.BigIntegerField(null=True, help_text="minor units")
    budget_includes_expenses = models.BooleanField(null=True)
    budget_threshold = Numeric(null=True, help_text="percent of the budget")
    evergreen_minimum = models.BigIntegerField(null=True, help_text="minor units")
    originating_share = Numeric(null=True, help_text="percent")
    responsible_share = Numeric(null=True, help_text="percent")

    class Meta(Derived.Meta):
        db_table = "reports_matter"
        indexes = [models.Index(fields=["firm", "client_id"], name="reports_matter_client")]


class LedgerPerson(Derived):
    """A Clio user, as a timekeeper or an attorney of matters. role: Attorney, NonAttorney, or none told.

    is_partner: by the job title; what the firm keeps of it (`working-times`) wins, day by day.
    """

    pk = models.CompositePrimaryKey("firm_id", "timekeeper_id")
    timekeeper_id = models.BigIntegerField()
    name = models.TextField()
    role = models.TextField(null=True)  # noqa: DJ001 - as Clio has it
    is_active = models.BooleanField()
    is_partner = models.BooleanField(db_default=False)

    class Meta(Derived.Meta):
        db_table = "reports_person"


class LedgerName(Derived):
    """The name of a record that figures are broken down by and that has no table of its own here.

    `company_id`: of a contact that is a person, the contact it works for.
    """

    class Kind(models.TextChoices):
        CONTACT = "contact"
        PRACTICE_AREA = "practice_area"
        GROUP = "group"
        STAGE = "stage"
        BANK_ACCOUNT = "bank_account"

    pk = models.CompositePrimaryKey("firm_id", "kind", "record_id")
    kind = models.CharField(max_length=20, choices=Kind)
    record_id = models.BigIntegerField()
    name = models.TextField()
    company_id = clio_id()

    class Meta(Derived.Meta):
        db_table = "reports_name"


class LedgerCategory(Derived):
    """What work or an expense was for: an activity description of Clio's, or with a minus its expense category."""

    pk = models.CompositePrimaryKey("firm_id", "category_id")
    category_id = models.BigIntegerField()
    name = models.TextField()
    utbms_task_id = clio_id()
    utbms_activity_id = clio_id()

    class Meta(Derived.Meta):
        db_table = "reports_category"


class Employment(Derived):
    """A span of days on which a timekeeper has capacity (K2), both ends included; no end: still employed.

    fte: share of full time; daily_hours, working_days: the person's own, NULL: the firm's.
    """

    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    fte = Numeric(db_default=1)
    daily_hours = Numeric(null=True)
    working_days = ArrayField(models.PositiveSmallIntegerField(), null=True)

    class Meta(Derived.Meta):
        db_table = "reports_employment"
        indexes = [BTreeIndex(fields=["firm", "timekeeper_id", "starts_on"], name="reports_employment_span")]
