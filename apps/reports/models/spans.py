"""STATE of kpis.md section 2: what attributes were, from when we first looked on, and what bills went through."""

from django.db import models

from apps.reports.models.derived import Derived, clio_id


class LedgerMatterSpan(Derived):
    """Days on which a matter's attributes were the same: from `starts_on` on and before `ends_before`.

    The first span of a matter has no start and the last no end: before we looked, attributes are taken to have been
    what they were then.
    """

    matter_id = models.BigIntegerField()
    starts_on = models.DateField(null=True)
    ends_before = models.DateField(null=True)
    client_id = clio_id()
    practice_area_id = clio_id()
    responsible_id = clio_id()
    originating_id = clio_id()
    group_id = clio_id()
    stage_id = clio_id()
    status = models.TextField(null=True)  # noqa: DJ001 - as Clio has it
    billing_method = models.TextField(null=True)  # noqa: DJ001 - NULL is Clio's default, hourly
    opened_on = models.DateField(null=True, help_text="as Clio had it")
    pending_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    budget = models.DecimalField(max_digits=20, decimal_places=4, null=True)

    class Meta(Derived.Meta):
        db_table = "reports_matter_span"
        indexes = [models.Index(fields=["firm", "matter_id", "starts_on"], name="reports_matter_span_from")]


class LedgerBillLife(Derived):
    """When a bill was first seen approved and first seen void or deleted; None: never.

    A bill that was so when we first saw it has the day of its issue, else of its making, and `was_..._at_first`.
    """

    pk = models.CompositePrimaryKey("firm_id", "bill_id")
    bill_id = models.BigIntegerField()
    approved_on = models.DateField(null=True)
    voided_on = models.DateField(null=True)
    was_approved_at_first = models.BooleanField(db_default=False)
    was_void_at_first = models.BooleanField(db_default=False)

    class Meta(Derived.Meta):
        db_table = "reports_bill_life"
        indexes = [models.Index(fields=["firm", "approved_on"], name="reports_bill_life_approved_on")]
