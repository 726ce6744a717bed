"""Rows of lines and of money in which the lines of a bill are no longer told apart."""

from django.db import models

from apps.reports.models.derived import Derived, Numeric, clio_id, currency, minor
from apps.reports.models.money import Item, Kind, Method, cost_kind


class OfBill(Derived):
    """Sums within one bill. `depth`: 2 by matter, 3 by matter and timekeeper, as of facts.

    `category_id`, `cost_kind`: of expenses only. `entries`: how many rows of the ledger. `is_alone`: no other row of
    its depth is of its bill, or of its bill and timekeeper.
    """

    depth = models.SmallIntegerField()
    bill_id = clio_id()
    item = models.CharField(max_length=12, choices=Item)
    is_hourly = models.BooleanField()
    category_id = clio_id()
    cost_kind = cost_kind()
    issued_on = models.DateField(null=True)
    timekeeper_id = clio_id()
    matter_id = clio_id()
    payer_id = clio_id()
    currency = currency()
    net = minor()
    tax = minor()
    secondary_tax = minor()
    entries = models.BigIntegerField()
    is_alone = models.BooleanField(db_default=False)

    class Meta:
        abstract = True


class LinesOfBill(OfBill):
    """Of reports_line: what a bill charges."""

    is_no_charge = models.BooleanField()
    billing_method = models.TextField(null=True)  # noqa: DJ001 - NULL is Clio's default, hourly
    hours = Numeric(null=True)
    line_discount = minor()
    bill_discount = minor()

    class Meta(Derived.Meta):
        db_table = "reports_bill_lines"
        indexes = [
            models.Index(fields=["firm", "depth", "issued_on"], name="reports_bill_lines_issued_on"),
            models.Index(fields=["firm", "bill_id"], name="reports_bill_lines_bill"),
            models.Index(fields=["firm", "depth", "timekeeper_id", "issued_on"], name="reports_bill_lines_of_person"),
            models.Index(
                fields=["firm", "depth"], condition=models.Q(is_alone=False), name="reports_bill_lines_together"
            ),
        ]


class MoneyOfBill(OfBill):
    """Of reports_settle: what of one allocation settles one bill, and interest received without one."""

    allocation_id = models.BigIntegerField()
    payment_id = clio_id()
    kind = models.CharField(max_length=10, choices=Kind)
    method = models.CharField(max_length=10, choices=Method, null=True)  # noqa: DJ001 - NULL is a credit
    settled_on = models.DateField(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_bill_money"
        indexes = [
            models.Index(fields=["firm", "depth", "settled_on"], name="reports_bill_money_settled_on"),
            models.Index(fields=["firm", "depth", "issued_on"], name="reports_bill_money_issued_on"),
            models.Index(fields=["firm", "bill_id"], name="reports_bill_money_bill"),
            models.Index(fields=["firm", "allocation_id"], name="reports_bill_money_allocation"),
            models.Index(fields=["firm", "depth", "timekeeper_id", "settled_on"], name="reports_bill_money_of_person"),
            models.Index(
                fields=["firm", "depth"], condition=models.Q(is_alone=False), name="reports_bill_money_together"
            ),
        ]
