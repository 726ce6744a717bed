"""Say what records are called and where they are: in our copy, and in Clio's own application."""

from collections.abc import Iterable, Mapping

from apps.clio.interface import app_page
from apps.core.scope import Scope
from apps.reports.contracts import Dimension, KeyValue
from apps.reports.contracts.explanation import RowFacts, RowKind
from apps.reports.queries.labels import label_keys

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
}


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
