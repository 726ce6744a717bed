"""Bills and trust requests."""

from collections.abc import Iterable
from datetime import UTC, datetime

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded, Row
from apps.clio.sandbox.entities.filters import (
    Filter,
    Test,
    contains,
    flag,
    flag_of,
    holds,
    on_or_after,
    on_or_before,
    one_of,
    points_to,
    says,
    through,
)  # fmt: skip
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.errors import MalformedParameter
from apps.clio.sandbox.firm.records import Bill, Firm
from apps.clio.sandbox.fragments import (
    DAY,
    FLAGS,
    MONEY,
    NULL,
    TEXT,
    etag,
    instant,
    optional_day,
    optional_stamp,
    optional_text,
    stamp,
)

STATES = ("draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted")


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for bill in firm.bills:
        yield _row(bill, lookups), instant(bill.created), instant(bill.updated)


def _row(bill: Bill, lookups: Lookups) -> Row:
    paid, credited, due = bill.paid, bill.credited, bill.due
    is_live = bill.state not in ("void", "deleted")
    services = [line for line in bill.lines if line.kind == "Service"]
    payments = [
        item.parent.created for item in bill.allocations if item.voided is None and item.parent.type == "Payment"
    ]
    return (
        bill.id, etag(bill.id, bill.updated), TEXT[str(bill.number)],
        TEXT["ClientBill" if bill.is_client_bill else "MatterBill"], TEXT[bill.kind], TEXT[bill.state],
        optional_text(bill.subject), optional_text(bill.memo), DAY[bill.issued], DAY[bill.due_on],
        optional_day(bill.start), optional_day(bill.end), optional_stamp(max(payments, default=None)),
        optional_stamp(bill.sent), MONEY[due + bill.discounted], MONEY[bill.sub_total], MONEY[due],
        MONEY[due - paid - credited if is_live else 0], MONEY[paid], MONEY[0], MONEY[credited],
        MONEY[bill.taxes[0]], MONEY[bill.taxes[1]], MONEY[bill.tax], MONEY[bill.second_tax],
        MONEY[bill.tax + bill.second_tax], MONEY[sum(line.gross - line.less_discount for line in services)],
        MONEY[sum(line.tax for line in services)], MONEY[sum(line.second_tax for line in services)],
        TEXT["true" if bill.discount_services_only else "false"] if bill.discount else NULL,
        FLAGS[bill.sent is not None], stamp(bill.created), stamp(bill.updated),
        bill.creator.id, bill.client.id, tuple(matter.id for matter in bill.matters),
        tuple(Embedded(id=str(key), amount=MONEY[total]) for key, total in bill.matter_totals.items()),
        _balances(bill) if is_live else (), discount_of(bill.discount), _interest(bill, is_live), lookups.currency,
        lookups.group, None, lookups.trust if bill.kind == "trust_kind" else lookups.operating,
    )  # fmt: skip


def _balances(bill: Bill) -> tuple[Embedded, ...]:
    interest = bill.interest_total - sum(
        item.amount for item in bill.allocations if item.is_interest and item.voided is None
    )
    parts = []
    for at, (key, total) in enumerate(bill.matter_totals.items()):
        own = interest if at == 0 else 0
        rest = total - bill.settled[key]
        parts.append(
            Embedded(id=str(key), type=TEXT["Matter"], amount=MONEY[rest], interest_amount=MONEY[own],
                     due=MONEY[rest + own])
        )  # fmt: skip
    return tuple(parts)


def discount_of(discount: tuple[str, int] | None) -> Embedded | None:
    """Return the nested discount of a bill or line; the rate is percent or money."""
    return None if discount is None else Embedded(rate=MONEY[discount[1]], type=TEXT[discount[0]])


def _interest(bill: Bill, is_live: bool) -> Embedded | None:
    if not bill.client.interest or not is_live:
        return None
    total = bill.interest_total
    settled = sum(item.amount for item in bill.allocations if item.is_interest and item.voided is None)
    return Embedded(balance=MONEY[total - settled], total=MONEY[total], rate=MONEY[bill.client.interest * 12],
                    period="30", type=TEXT["simple"])  # fmt: skip


def _type(entity: Entity, text: str) -> Test:
    at, trust = entity.positions["kind"], TEXT["trust_kind"]
    if text not in ("revenue", "trust"):
        raise MalformedParameter(f"{text!r} is neither revenue nor trust.")
    return (lambda row: row[at] == trust) if text == "trust" else (lambda row: row[at] != trust)


def _is_overdue(entity: Entity) -> Test:
    """Overdue by this machine's own day, as it would be by the server's."""
    state, due, balance = (entity.positions[name] for name in ("state", "due_at", "balance"))
    today = f'"{datetime.now(UTC).date().isoformat()}"'
    return lambda row: (
        row[state] == TEXT["awaiting_payment"]
        and str(row[due]) < today
        and not str(row[balance]).startswith(("0.00", "-"))
    )


def _status(entity: Entity, text: str) -> Test:
    if one_of(text, ("all", "overdue")) == "all":
        return lambda row: True
    return _is_overdue(entity)


BILLS = Entity(
    name="bills",
    scalars=(
        "id", "etag", "number", "type", "kind", "state", "subject", "memo", "issued_at", "due_at", "start_at", "end_at",
        "paid_at", "last_sent_at", "total", "sub_total", "due", "balance", "paid", "pending", "credits_issued",
        "tax_rate", "secondary_tax_rate", "tax_sum", "secondary_tax_sum", "total_tax", "services_sub_total",
        "services_tax", "services_secondary_tax", "discount_services_only", "shared", "created_at", "updated_at",
    ),
    nested={
        "user": Nested(target="users"),
        "client": Nested(target="contacts"),
        "matters": Nested(target="matters", many=True),
        "matter_totals": Nested(shapes.MATTER_BALANCE, many=True),
        "balances": Nested(shapes.BALANCE, many=True),
        "discount": Nested(shapes.DISCOUNT),
        "interest": Nested(shapes.INTEREST),
        "currency": Nested(target="currencies"),
        "group": Nested(target="groups"),
        "original_bill": Nested(target="bills"),
        "destination_account": Nested(target="bank_accounts"),
        "client_addresses": Nested(shapes.ADDRESS, many=True, is_kept=False),
        "bill_theme": Nested(shapes.BILL_THEME, is_kept=False),
        "billing_setting": Nested(target="settings/billing", is_kept=False),
        "legal_aid_uk_bill": Nested(shapes.LEGAL_AID_UK_BILL, is_kept=False),
        "split_invoice": Nested(shapes.SPLIT_INVOICE, is_kept=False),
    },
    unset=(
        "purchase_order", "can_update", "services_taxable_sub_total", "services_secondary_taxable_sub_total",
        "taxable_sub_total", "secondary_taxable_sub_total", "available_state_transitions",
    ),
    filters={
        "bill_number": says("number"),
        "client_id": points_to("client"),
        "matter_id": holds("matters"),
        "state": says("state", {state: state for state in STATES}),
        "type": Filter(_type),
        "issued_after": on_or_after("issued_at"),
        "issued_before": on_or_before("issued_at"),
        "due_after": on_or_after("due_at"),
        "due_before": on_or_before("due_at"),
        "due_at": says("due_at"),
        "shared": flag("shared"),
        "currency_id": points_to("currency"),
        "last_sent_start_date": on_or_after("last_sent_at"),
        "last_sent_end_date": on_or_before("last_sent_at"),
        "originating_attorney_id": through("matters", "originating_attorney"),
        "responsible_attorney_id": through("matters", "responsible_attorney"),
        "overdue_only": flag_of(_is_overdue),
        "status": Filter(_status),
        "query": contains("number", "subject"),
    },
    ignored=("custom_field_values",),
    orders=("due_at", "issued_at", "paid_at", "last_sent_at", "balance", "number", "created_at", "updated_at"),
    order_paths={"client_name": "client.name", "matter_display_number": "matters.display_number"},
    sums=("due", "paid", "balance", "credits_issued", "total_tax"),
    rows=_rows,
)  # fmt: skip
