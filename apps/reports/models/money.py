"""LINE and SETTLE of kpis.md section 2, and the approved bills and interest charges they belong to."""

from django.db import models

from apps.reports.models.derived import Derived, Numeric, clio_id, currency, minor


class Item(models.TextChoices):
    """What a line or a share of money is; the last two occur in SETTLE only."""

    FEE = "fee"
    EXPENSE = "expense"
    UNRECONCILED = "unreconciled"
    INTEREST = "interest"
    CREDIT = "credit"


class CostKind(models.TextChoices):
    """How Clio sorts expenses; none is told of the plain ones."""

    HARD = "hard"
    SOFT = "soft"
    PLAIN = "plain"


def cost_kind() -> "models.CharField[str | None, str | None]":
    """Return a column for the kind of an expense; NULL: not made from an expense entry."""
    return models.CharField(max_length=5, choices=CostKind, null=True)


class Kind(models.TextChoices):
    PAYMENT = "payment"
    WRITE_OFF = "write_off"
    DISCOUNT = "discount"


class Method(models.TextChoices):
    """How money came in (K21)."""

    TRUST = "trust"
    CARD = "card"
    ECHECK = "echeck"
    OPERATING = "operating"
    DIRECT = "direct"


class LedgerBill(Derived):
    """An approved revenue bill. `principal`: due without interest charges; `closed_on`: the day it came to 0.

    `paid_up_on`: the last payment or credit of a bill at 0 or less that was paid at least in part (K20).
    """

    pk = models.CompositePrimaryKey("firm_id", "bill_id")
    bill_id = models.BigIntegerField()
    number = models.TextField(null=True)  # noqa: DJ001 - as Clio has it
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True, help_text="last event of a bill that is at 0 now")
    paid_up_on = models.DateField(null=True, help_text="by what was dated up to the day of the build")
    payer_id = clio_id()
    currency = currency()
    principal = minor()
    unreconciled = minor()
    is_balanced = models.BooleanField(help_text="Clio's balance is its due less paid and credits")

    class Meta(Derived.Meta):
        db_table = "reports_bill"
        indexes = [
            models.Index(fields=["firm", "issued_on"], name="reports_bill_issued_on"),
            models.Index(fields=["firm", "closed_on"], name="reports_bill_closed_on"),
            models.Index(
                fields=["firm", "paid_up_on"],
                condition=models.Q(paid_up_on__isnull=False),
                name="reports_bill_paid_up_on",
            ),
            models.Index(
                fields=["firm"],
                condition=~models.Q(unreconciled=0) | models.Q(is_balanced=False),
                name="reports_bill_faulty",
            ),
        ]


class LedgerLine(Derived):
    """A displayed line of an approved bill; an "(Unreconciled)" line carries minus the bill's id.

    `category_id`, `cost_kind`: of the entry it was made from. `owed_*`: what each component can take in a split (case
    8). `worked` NULL: hidden (R13). `is_hourly`: a fee line made from hourly time, charged or not (K9).
    """

    pk = models.CompositePrimaryKey("firm_id", "line_id")
    line_id = models.BigIntegerField()
    bill_id = models.BigIntegerField()
    activity_id = clio_id()
    category_id = clio_id()
    cost_kind = cost_kind()
    item = models.CharField(max_length=12, choices=Item)
    is_no_charge = models.BooleanField()
    issued_on = models.DateField(null=True)
    worked_on = models.DateField(null=True, help_text="of the activity")
    listed_on = models.DateField(null=True, help_text="the line's own date")
    timekeeper_id = clio_id()
    matter_id = clio_id()
    payer_id = clio_id()
    billing_method = models.TextField(null=True)  # noqa: DJ001 - NULL is Clio's default, hourly
    currency = currency()
    hours = Numeric(null=True, help_text="of hourly time only")
    is_hourly = models.BooleanField(db_default=False)
    gross = minor()
    line_discount = minor()
    bill_discount = minor()
    rounding = minor()
    net = minor()
    tax = minor()
    secondary_tax = minor()
    owed_net = minor()
    owed_tax = minor()
    owed_secondary_tax = minor()
    worked = models.BigIntegerField(null=True)

    class Meta(Derived.Meta):
        db_table = "reports_line"
        indexes = [
            models.Index(fields=["firm", "issued_on"], name="reports_line_issued_on"),
            models.Index(fields=["firm", "bill_id"], name="reports_line_bill"),
            models.Index(
                fields=["firm", "worked_on"],
                condition=models.Q(activity_id__isnull=False),
                name="reports_line_worked_on",
            ),
        ]


class LedgerSettlement(Derived):
    """The share of an allocation that settles one line, interest, or becomes the client's credit.

    `activity_id`, `category_id`, `cost_kind`, `worked_on`, `is_hourly`: of the line. `payment_id`: the payment or
    credit memo it is a part of; minus the allocation's id where Clio names none.
    """

    allocation_id = models.BigIntegerField()
    bill_id = clio_id()
    line_id = clio_id()
    item = models.CharField(max_length=12, choices=Item)
    kind = models.CharField(max_length=10, choices=Kind)
    method = models.CharField(max_length=10, choices=Method, null=True)  # noqa: DJ001 - NULL is a credit
    payment_id = clio_id()
    activity_id = clio_id()
    category_id = clio_id()
    cost_kind = cost_kind()
    worked_on = models.DateField(null=True)
    is_hourly = models.BooleanField(db_default=False)
    settled_on = models.DateField(null=True)
    issued_on = models.DateField(null=True)
    timekeeper_id = clio_id()
    matter_id = clio_id()
    payer_id = clio_id()
    currency = currency()
    net = minor()
    tax = minor()
    secondary_tax = minor()

    class Meta(Derived.Meta):
        db_table = "reports_settle"
        indexes = [
            models.Index(fields=["firm", "settled_on"], name="reports_settle_settled_on"),
            models.Index(fields=["firm", "issued_on"], name="reports_settle_issued_on"),
            models.Index(fields=["firm", "bill_id"], name="reports_settle_bill"),
            models.Index(fields=["firm", "allocation_id"], name="reports_settle_allocation"),
            models.Index(
                fields=["firm", "worked_on"],
                condition=models.Q(activity_id__isnull=False),
                name="reports_settle_worked_on",
            ),
        ]


class LedgerInterest(Derived):
    """An interest charge on an approved bill."""

    pk = models.CompositePrimaryKey("firm_id", "interest_charge_id")
    interest_charge_id = models.BigIntegerField()
    bill_id = models.BigIntegerField()
    charged_on = models.DateField(null=True)
    matter_id = clio_id()
    payer_id = clio_id()
    currency = currency()
    amount = minor()

    class Meta(Derived.Meta):
        db_table = "reports_interest"
        indexes = [
            models.Index(fields=["firm", "charged_on"], name="reports_interest_charged_on"),
            models.Index(fields=["firm", "bill_id"], name="reports_interest_bill"),
        ]
