"""Who works and on what: the attributes rows are tested and grouped by, as they are today (R6)."""

from django.contrib.postgres.indexes import BTreeIndex
from django.db import models

from apps.reports.models.derived import Derived, clio_id


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

    class Meta(Derived.Meta):
        db_table = "reports_matter"


class LedgerPerson(Derived):
    """A Clio user, as a timekeeper or an attorney of matters. role: Attorney, NonAttorney, or none told."""

    pk = models.CompositePrimaryKey("firm_id", "timekeeper_id")
    timekeeper_id = models.BigIntegerField()
    name = models.TextField()
    role = models.TextField(null=True)  # noqa: DJ001 - as Clio has it
    is_active = models.BooleanField()

    class Meta(Derived.Meta):
        db_table = "reports_person"


class LedgerName(Derived):
    """The name of a record that figures are broken down by and that has no table of its own here."""

    class Kind(models.TextChoices):
        CONTACT = "contact"
        PRACTICE_AREA = "practice_area"

    pk = models.CompositePrimaryKey("firm_id", "kind", "record_id")
    kind = models.CharField(max_length=20, choices=Kind)
    record_id = models.BigIntegerField()
    name = models.TextField()

    class Meta(Derived.Meta):
        db_table = "reports_name"


class Employment(Derived):
    """A span of days on which a timekeeper has capacity (K2), both ends included; no end: still employed."""

    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_employment"
        indexes = [BTreeIndex(fields=["firm", "timekeeper_id", "starts_on"], name="reports_employment_span")]
