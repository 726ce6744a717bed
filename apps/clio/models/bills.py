"""Bills, mirrored."""

from apps.clio.models.columns import amount, day, document, flag, identifier, identifiers, instant, sought, text
from apps.clio.models.mirrored import Mirrored, listed_by


class Bill(Mirrored):
    """A bill to a client, over one matter or several; `trust_kind` asks for trust money and is no revenue."""

    number = text()
    type = text()
    kind = text()
    state = text()
    subject = text()
    memo = text()
    issued_at = day()
    due_at = day()
    start_at = day()
    end_at = day()
    paid_at = instant()
    last_sent_at = instant()
    total = amount()
    sub_total = amount()
    due = amount()
    balance = amount()
    paid = amount()
    pending = amount()
    credits_issued = amount()
    tax_rate = amount()
    secondary_tax_rate = amount()
    tax_sum = amount()
    secondary_tax_sum = amount()
    total_tax = amount()
    services_sub_total = amount()
    services_tax = amount()
    services_secondary_tax = amount()
    discount_services_only = text()
    shared = flag()
    user_id = identifier()
    user_name = text()
    client_id = identifier()
    client_name = text()
    matters = document()
    matter_ids = identifiers()
    matter_totals = document()
    balances = document()
    discount_rate = amount()
    discount_type = text()
    interest_balance = amount()
    interest_total = amount()
    interest_rate = amount()
    interest_period = identifier()
    interest_type = text()
    currency_id = identifier()
    currency_code = text()
    group_id = identifier()
    group_name = text()
    original_bill_id = identifier()
    original_bill_number = text()
    destination_account_id = identifier()
    destination_account_name = text()
    # Ours, for finding them by the beginning of a name or number.
    sought_number = sought("number")

    class Meta(Mirrored.Meta):
        db_table = "clio_bills"
        indexes = [
            listed_by("clio_bills", "issued_at"),
            listed_by("clio_bills", "due_at"),
            listed_by("clio_bills", "client_id"),
            listed_by("clio_bills", "updated_at"),
            listed_by("clio_bills", "changed_at"),
            listed_by("clio_bills", "sought_number"),
        ]
