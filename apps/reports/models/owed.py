"""What bills owe, from day to day: receivables of any day are read off instead of added up."""

from django.db import models

from apps.reports.models.derived import Derived, clio_id, currency, minor


class LedgerOwed(Derived):
    """A part of what a bill owes, or is overpaid by, from `starts_on` on and before `ends_before` ('infinity': still).

    `depth`: 2 by matter, 3 by matter and timekeeper, as of facts: each of them adds up to `balance`, the bill's own,
    which is never 0. `tax`, `interest` and the items without tax are within `amount`.
    """

    depth = models.SmallIntegerField()
    bill_id = models.BigIntegerField()
    starts_on = models.DateField()
    ends_before = models.DateField()
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    timekeeper_id = clio_id()
    matter_id = clio_id()
    payer_id = clio_id()
    currency = currency()
    balance = minor()
    amount = minor()
    tax = minor()
    interest = minor()
    fees = minor()
    expenses = minor()
    unreconciled = minor()
    credit = minor()

    class Meta(Derived.Meta):
        db_table = "reports_owed"
        indexes = [
            models.Index(fields=["firm", "depth", "ends_before"], name="reports_owed_until"),
            models.Index(
                fields=["firm", "timekeeper_id", "ends_before"],
                condition=models.Q(depth=3),
                name="reports_owed_of_person",
            ),
            models.Index(fields=["firm", "bill_id"], name="reports_owed_of_bill"),
        ]
