"""Bank transactions. The values `order` takes are not listed; `id(asc)` is named as its default."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import BankTransaction

BANK_TRANSACTIONS = Entity(
    name="bank_transactions",
    model=BankTransaction,
    fields=(
        "id,etag,type,transaction_type,source,date,amount,funds_in,funds_out,currency,exchange_rate,"
        "description,confirmation,clio_payments_transaction,current_account_balance,bank_account_id,"
        "created_at,updated_at,bank_account{id,name,type},client{id,name},matter{id,display_number},"
        "bill{id,number},allocation{id,amount}"
    ),
    optional_fields="currency_id",
    ledger_date="date",
    needs=("bank_accounts",),
    moves_money=True,
)
