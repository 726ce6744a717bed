"""Clients' money held by the firm: its movements in the bank, and trust money on bills."""

from apps.clio.queries.records.declaration import RecordKind
from apps.clio.queries.records.fields import (
    BY_UPDATE,
    MADE,
    account,
    between_days,
    bill_number,
    by_day,
    client,
    day,
    matter,
    money,
    one_of,
    text,
    the_id,
    words,
)
from apps.clio.queries.records.reach import Reach, rows_of
from apps.core.access import Extra

# Of nobody's time: whoever sees a part of the firm sees it by matter or client, never by timekeeper.
_ACCOUNT = "coalesce(r.bank_account_id, r.bank_account_record_id)"
_SCOPE = rows_of(Reach(client="r.client_id"))
_WHOSE = (
    the_id("matter_id"),
    matter("matter_display_number", of="r.matter_id"),
    the_id("client_id"),
    client("client_name", of="r.client_id"),
    the_id("bill_id"),
    bill_number(),
)

TRUST_LINE_ITEMS = RecordKind(
    name="trust_line_items",
    one="trust_line_item",
    about="Trust money on bills. Clio does not tell the sign of `total`: the bank's transactions decide.",
    table="clio_trust_line_items",
    permission=Extra.TRUST,
    scope=_SCOPE,
    fields=(day("date"), money("total"), words("note"), *_WHOSE, *MADE),
    filters=(*between_days("date"), one_of("bill_id"), one_of("matter_id"), one_of("client_id")),
    sorts=(by_day("date"), BY_UPDATE),
    default_sort="-date",
)

TRUST_TRANSACTIONS = RecordKind(
    name="trust_transactions",
    one="trust_transaction",
    about="Movements on trust accounts: `funds_in` less `funds_out` is what the firm holds.",
    table="clio_bank_transactions",
    permission=Extra.TRUST,
    scope=_SCOPE,
    # The account is told twice; either form counts.
    joins="LEFT JOIN clio_bank_accounts account ON account.firm_id = %(firm)s"
    " AND account.clio_id = coalesce(r.bank_account_id, r.bank_account_record_id)",
    condition="coalesce(r.bank_account_type, account.type) = 'Trust'",
    fields=(
        day("date"),
        text("type"),
        text("transaction_type"),
        words("source", "who paid or was paid, as somebody wrote it"),
        money("funds_in"),
        money("funds_out"),
        money("amount"),
        text("currency", "as Clio has it"),
        words("description"),
        words("confirmation"),
        the_id("bank_account_id", sql=_ACCOUNT),
        account("bank_account_name", of=_ACCOUNT, sql="coalesce(r.bank_account_name, account.name)"),
        *_WHOSE,
        the_id("allocation_id"),
        *MADE,
    ),
    filters=(
        *between_days("date"),
        one_of("bank_account_id", _ACCOUNT),
        one_of("matter_id"),
        one_of("client_id"),
    ),
    sorts=(by_day("date"), BY_UPDATE),
    default_sort="-date",
)
