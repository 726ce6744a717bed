"""Transactions of the bank accounts; every payment and trust move is one, with the allocation it belongs to."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded, Row
from apps.clio.sandbox.entities.filters import Filter, Test, one_of, points_to
from apps.clio.sandbox.entities.lookups import CURRENCY_ID, TRUST_ID, Lookups
from apps.clio.sandbox.firm.banking import TRUST, BankMove
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import DAY, FLAGS, MONEY, NULL, TEXT, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for move in firm.bank_moves:
        yield _row(move, lookups), instant(move.created), instant(move.created)


def _row(move: BankMove, lookups: Lookups) -> Row:
    when = stamp(move.created)
    account = lookups.trust if move.account == TRUST else lookups.operating
    return (
        move.id, etag(move.id, move.created), TEXT["BankTransaction"], TEXT[move.kind],
        TEXT[move.client.name if move.client is not None else move.description], DAY[move.day], MONEY[move.cents],
        MONEY[max(0, move.cents)], MONEY[max(0, -move.cents)], TEXT["USD"], str(CURRENCY_ID), "1.0",
        TEXT[move.description], NULL, FLAGS[move.is_online], MONEY[move.balance], str(account), FLAGS[0], when, when,
        account, move.client.id if move.client is not None else None,
        move.matter.id if move.matter is not None else None, move.bill.id if move.bill is not None else None,
        move.allocation.id if move.allocation is not None else None,
    )  # fmt: skip


def _type(entity: Entity, text: str) -> Test:
    """Trust money is owed to clients: a liability; operating money is the firm's: an asset."""
    at, wants_trust = entity.positions["bank_account"], one_of(text, ("asset", "liability")) == "liability"
    return lambda row: (row[at] == TRUST_ID) == wants_trust


BANK_TRANSACTIONS = Entity(
    name="bank_transactions",
    scalars=(
        "id", "etag", "type", "transaction_type", "source", "date", "amount", "funds_in", "funds_out", "currency",
        "currency_id", "exchange_rate", "description", "confirmation", "clio_payments_transaction",
        "current_account_balance", "bank_account_id", "read_only_confirmation", "created_at", "updated_at",
    ),
    nested={
        "bank_account": Nested(target="bank_accounts"),
        "client": Nested(target="contacts"),
        "matter": Nested(target="matters"),
        "bill": Nested(target="bills"),
        "allocation": Nested(target="allocations"),
    },
    filters={
        "bank_account_id": points_to("bank_account"),
        "client_id": points_to("client"),
        "matter_id": points_to("matter"),
        "type": Filter(_type),
    },
    ignored=("unreconciled_only",),
    orders=("date", "amount", "created_at", "updated_at"),
    sums=("amount", "funds_in", "funds_out"),
    rows=_rows,
)  # fmt: skip
