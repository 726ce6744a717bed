"""Say what records are called and where they are: in our copy, and in Clio's own application."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from apps.clio.interface import app_page
from apps.core.client_names import shown_bill_number
from apps.core.scope import Scope
from apps.reports.contracts import Dimension, KeyValue
from apps.reports.contracts.explanation import RowFacts, RowKind
from apps.reports.queries.labels import label_keys
from apps.reports.queries.row_facts import OF_BILL

Labels = Mapping[str, Mapping[KeyValue, str]]
_NAMED = {
    "timekeeper": (Dimension.TIMEKEEPER, "timekeeper_id"),
    "matter": (Dimension.MATTER, "matter_id"),
    "bill": (Dimension.BILL, "bill_id"),
    "client": (Dimension.CLIENT, "client_id"),
}
_OWN_RECORD = {
    RowKind.ENTRY: "activities",
    RowKind.LINE: "line_items",
    RowKind.BILL: "bills",
    RowKind.PERSON_MONTH: "users",
    RowKind.PERSON_DAY: "users",
    RowKind.MATTER: "matters",
    RowKind.PERSON: "users",
    RowKind.CLIENT: "contacts",
    RowKind.TRANSACTION: "trust_transactions",
    RowKind.STAGE_STAY: "matters",
}


def as_told(fact: RowFacts, *, kind: RowKind, scope: Scope) -> RowFacts:
    """Return what a row is about without words in which somebody may have named a client the firm hides.

    Such words are of a trust movement who paid, and of a bill its number.
    """
    if not scope.hides_client_names:
        return fact
    if kind is RowKind.TRANSACTION:
        return replace(fact, detail="")
    if kind is RowKind.BILL and fact.detail != OF_BILL:
        return replace(fact, detail=shown_bill_number(scope=scope, bill_id=fact.bill_id, number=fact.detail))
    return fact


def label_facts(*, scope: Scope, facts: Iterable[RowFacts], tells_people: bool) -> Labels:
    """Return the names of all that rows are about, as far as the reader may know them: by what it is, then by id."""
    listed = list(facts)
    return {
        name: label_keys(
            scope=scope,
            dimension=dimension,
            keys={getattr(fact, column) for fact in listed},
            tells_people=tells_people,
        )
        for name, (dimension, column) in _NAMED.items()
    }


def labels_of(fact: RowFacts, labels: Labels) -> dict[str, str]:
    """Return the names of what one row is about."""
    return {
        name: labels[name][value]
        for name, (_, column) in _NAMED.items()
        if (value := getattr(fact, column)) is not None
    }


def record_of(kind: RowKind, row_id: int, fact: RowFacts) -> str:
    """Return the address of the row's record below the firm's; what has none of its own leads to its bill's."""
    if kind is RowKind.OTHERS and fact.matter_id is not None:
        return f"matters/{fact.matter_id}"
    if kind is RowKind.LEDGER and row_id > 0:
        return f"matters/{row_id}" if fact.matter_id else f"contacts/{row_id}"
    if kind in _OWN_RECORD and row_id > 0:
        return f"{_OWN_RECORD[kind]}/{row_id}"
    if (fact.payment_id or 0) > 0 and fact.detail.startswith("payment"):
        return f"payments/{fact.payment_id}"
    return f"bills/{fact.bill_id}" if fact.bill_id else ""


def page_of(host: str, fact: RowFacts) -> str:
    """Return the page of Clio's application nearest to the row: its bill's, else its matter's, else its client's."""
    for kind, clio_id in (("bills", fact.bill_id), ("matters", fact.matter_id), ("contacts", fact.client_id)):
        if clio_id is not None:
            return app_page(host, kind, clio_id)
    return app_page(host, "activities") if "time" in fact.detail or "expense" in fact.detail else ""
