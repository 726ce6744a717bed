"""Online payments, mirrored."""

from apps.clio.models.columns import amount, day, document, flag, identifier, identifiers, text
from apps.clio.models.mirrored import Mirrored, listed_by


class OnlinePayment(Mirrored):
    """A payment through Clio Payments; all others show as allocations and bank transactions only."""

    state = text()
    currency = text()
    description = text()
    confirmation_number = text()
    deposit_as_revenue = flag()
    contact_id = identifier()
    contact_name = text()
    destination_account_id = identifier()
    destination_account_name = text()
    destination_account_type = text()
    user_id = identifier()
    user_name = text()
    bank_transaction_id = identifier()
    bank_transaction_date = day()
    bank_transaction_amount = amount()
    allocations = document()
    bills = document()
    bill_ids = identifiers()
    matters = document()
    matter_ids = identifiers()
    amount = amount()  # last: within the class the name is taken from here on

    class Meta(Mirrored.Meta):
        db_table = "clio_online_payments"
        indexes = [listed_by("clio_online_payments", "updated_at")]
