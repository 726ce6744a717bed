"""Bank transactions, mirrored."""

from apps.clio.models.columns import amount, day, flag, identifier, text
from apps.clio.models.mirrored import Mirrored, listed_by


class BankTransaction(Mirrored):
    """Money into or out of a bank account. The account is named twice: by its id, and as a record."""

    type = text()
    transaction_type = text()
    source = text()
    date = day()
    funds_in = amount()
    funds_out = amount()
    currency = text()
    exchange_rate = amount()
    description = text()
    confirmation = text()
    clio_payments_transaction = flag()
    current_account_balance = amount()
    bank_account_id = identifier()
    bank_account_record_id = identifier()
    bank_account_name = text()
    bank_account_type = text()
    client_id = identifier()
    client_name = text()
    matter_id = identifier()
    matter_display_number = text()
    bill_id = identifier()
    bill_number = text()
    allocation_id = identifier()
    allocation_amount = amount()
    currency_id = identifier()
    amount = amount()  # last: within the class the name is taken from here on

    class Meta(Mirrored.Meta):
        db_table = "clio_bank_transactions"
        indexes = [
            listed_by("clio_bank_transactions", "date"),
            listed_by("clio_bank_transactions", "bank_account_id", "date"),
            listed_by("clio_bank_transactions", "matter_id", "date"),
            listed_by("clio_bank_transactions", "client_id", "date"),
            listed_by("clio_bank_transactions", "updated_at"),
            listed_by("clio_bank_transactions", "changed_at"),
        ]
