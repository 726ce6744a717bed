"""The operating account and the trust account; what they hold is the sum of their transactions."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import Filter, Test, one_of, points_to
from apps.clio.sandbox.entities.lookups import CURRENCY_ID, OPERATING_NAME, TRUST_NAME, Lookups
from apps.clio.sandbox.firm.banking import OPERATING, TRUST
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import FLAGS, MONEY, TEXT, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    moment = lookups.moment
    owner = next(person.id for person in firm.people if person.is_owner)
    for number, kind, name, ending in (
        (lookups.operating, OPERATING, OPERATING_NAME, "0412"), (lookups.trust, TRUST, TRUST_NAME, "0925"),
    ):  # fmt: skip
        moves = [move for move in firm.bank_moves if move.account == kind]
        updated = max((move.created for move in moves), default=moment)
        row = (
            number, etag(number, updated), TEXT[name], TEXT[kind], MONEY[moves[-1].balance if moves else 0],
            TEXT["USD"], TEXT["$"], str(CURRENCY_ID), TEXT["First Harbor Bank"], TEXT[firm.name],
            FLAGS[kind == OPERATING], FLAGS[0], FLAGS[kind == OPERATING], str(len(moves)), TEXT[f"000118{ending}"],
            TEXT["021000000"], stamp(moment), stamp(updated), owner,
        )  # fmt: skip
        yield row, instant(moment), instant(updated)


def _type(entity: Entity, text: str) -> Test:
    at = entity.positions["type"]
    wanted = TEXT[one_of(text, ("OperatingAccount", "TrustAccount")).removesuffix("Account")]
    return lambda row: row[at] == wanted


def _status(entity: Entity, text: str) -> Test:
    """No account here was ever closed."""
    return lambda row: one_of(text, ("opened", "closed")) == "opened"


BANK_ACCOUNTS = Entity(
    name="bank_accounts",
    scalars=(
        "id", "etag", "name", "type", "balance", "currency", "currency_symbol", "currency_id", "institution", "holder",
        "default_account", "controlled_account", "clio_payments_enabled", "bank_transactions_count", "account_number",
        "transit_number", "created_at", "updated_at",
    ),
    nested={"user": Nested(target="users")},
    unset=(
        "clio_payment_page_link", "clio_payment_page_qr_code", "domicile_branch", "general_ledger_number", "swift",
    ),
    filters={
        "type": Filter(_type),
        "status": Filter(_status),
        "user_id": points_to("user"),
    },
    ignored=("show_empty_accounts",),
    orders=("name", "institution", "account_number", "transit_number", "currency", "updated_at", "type"),
    sums=("balance",),
    rows=_rows,
)  # fmt: skip
