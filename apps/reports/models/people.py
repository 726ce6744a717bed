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

    class Meta(Derived.Meta):
        db_table = "reports_matter"


class Employment(Derived):
    """A span of days on which a timekeeper has capacity (K2), both ends included; no end: still employed."""

    timekeeper_id = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_employment"
        indexes = [BTreeIndex(fields=["firm", "timekeeper_id", "starts_on"], name="reports_employment_span")]
