"""Bank accounts, mirrored."""

from apps.clio.models.columns import amount, flag, identifier, text
from apps.clio.models.mirrored import Mirrored


class BankAccount(Mirrored):
    """An account of the firm, Operating or Trust. `currency_id` is a decimal in the contract."""

    name = text()
    type = text()
    balance = amount()
    currency = text()
    institution = text()
    holder = text()
    default_account = flag()
    controlled_account = flag()
    clio_payments_enabled = flag()
    bank_transactions_count = identifier()
    currency_id = amount()

    class Meta(Mirrored.Meta):
        db_table = "clio_bank_accounts"
