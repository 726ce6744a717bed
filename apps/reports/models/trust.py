"""TRUST of kpis.md section 2."""

from django.db import models

from apps.reports.models.derived import Derived, clio_id, currency, minor


class LedgerTrust(Derived):
    """A movement on a trust account. `amount`: in is above zero, out below. `client_id`: the transaction's own."""

    pk = models.CompositePrimaryKey("firm_id", "transaction_id")
    transaction_id = models.BigIntegerField()
    moved_on = models.DateField(null=True)
    bank_account_id = clio_id()
    matter_id = clio_id()
    client_id = clio_id()
    bill_id = clio_id()
    allocation_id = clio_id()
    currency = currency()
    amount = minor()
    source = models.TextField(default="")
    description = models.TextField(default="")

    class Meta(Derived.Meta):
        db_table = "reports_trust"
        indexes = [
            models.Index(fields=["firm", "moved_on"], name="reports_trust_moved_on"),
            models.Index(fields=["firm", "matter_id", "moved_on"], name="reports_trust_of_matter"),
            models.Index(fields=["firm", "bank_account_id", "moved_on"], name="reports_trust_of_account"),
        ]


class LedgerTrustRequest(Derived):
    """What a trust request asked for, and what was paid or credited on it since, each by its own day.

    `event_id`: 0 is the asking, above it an allocation, -1 what allocations leave unexplained of Clio's balance. The
    amounts up to a day add up to what was open on it. `matter_id`: of requests over one matter.
    """

    pk = models.CompositePrimaryKey("firm_id", "bill_id", "event_id")
    bill_id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    happened_on = models.DateField()
    issued_on = models.DateField()
    matter_id = clio_id()
    payer_id = clio_id()
    currency = currency()
    amount = minor()

    class Meta(Derived.Meta):
        db_table = "reports_trust_request"
        indexes = [models.Index(fields=["firm", "happened_on"], name="reports_trust_request_on")]


class LedgerTrustCheck(Derived):
    """A balance that all movements together do not come to: ours beside Clio's, in minor units. Empty: all agree."""

    class Kind(models.TextChoices):
        BANK_ACCOUNT = "bank_account"
        MATTER = "matter"

    pk = models.CompositePrimaryKey("firm_id", "kind", "record_id")
    kind = models.CharField(max_length=12, choices=Kind)
    record_id = models.BigIntegerField()
    ours = models.BigIntegerField()
    clios = models.BigIntegerField(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_trust_check"
