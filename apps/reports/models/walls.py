"""Who may see matters that Clio restricts to a group."""

from django.db import models

from apps.reports.models.derived import Derived, clio_id


class LedgerGroupAccess(Derived):
    """Somebody who is in a group; without a timekeeper everybody is, and the group restricts nothing."""

    group_id = models.BigIntegerField()
    timekeeper_id = clio_id()

    class Meta(Derived.Meta):
        db_table = "reports_group_access"
        indexes = [models.Index(fields=["firm", "timekeeper_id"], name="reports_group_access_person")]


class LedgerGoneMatter(Derived):
    """A matter that is gone from Clio, and the group it was kept to; it is in no figure, work on it may be."""

    pk = models.CompositePrimaryKey("firm_id", "matter_id")
    matter_id = models.BigIntegerField()
    group_id = clio_id()

    class Meta(Derived.Meta):
        db_table = "reports_gone_matter"
