"""Bank accounts. Whether the plain list holds closed ones is not told: they are asked for as well."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import BankAccount

BANK_ACCOUNTS = Entity(
    name="bank_accounts",
    model=BankAccount,
    fields=(
        "id,etag,name,type,balance,currency,institution,holder,default_account,controlled_account,"
        "clio_payments_enabled,bank_transactions_count,created_at,updated_at"
    ),
    optional_fields="currency_id",
    variants=({}, {"status": "closed"}),
)
