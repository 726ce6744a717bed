"""Facts beside a row of an answer: when a bill was due, who a matter's client is, how a payment came in.

No money is among them: the amount of a whole bill would tell a reader of a part what the rest is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts import DetailColumn, DetailKind, Dimension, KeyValue, Period
from apps.reports.queries.facts_state import facts_stand
from apps.reports.queries.labels import label_keys
from apps.reports.queries.scoping import rows_in
from apps.reports.queries.sources.by_bill import MONEY_OF_BILL

DetailValue = str | date | None
Facts = Mapping[KeyValue, Mapping[str, DetailValue]]


@dataclass(frozen=True, slots=True)
class _Detail:
    """A fact of a dimension's value. expression: its SQL over the row `x`. of: the dimension it is a value of.

    tells_clients: a free text, which is kept from whom the firm hides clients' names.
    """

    title: str
    expression: str
    kind: DetailKind = DetailKind.TEXT
    of: Dimension | None = None
    tells_clients: bool = False


# Of a payment on lines that the reader does not see, the day is not told either.
_LAST_PAYMENT = (
    "(SELECT max(r.settled_on) FROM reports_settle r {join} WHERE r.firm_id = x.firm_id AND r.bill_id = x.bill_id "
    "AND r.kind = 'payment' AND r.settled_on <= %(today)s AND {seen})"
)
_OF_MEMO = (
    "(SELECT {} FROM reports_credit_memo m WHERE m.firm_id = x.firm_id AND m.memo_id = x.payment_id "
    "AND x.kind <> 'payment')"
)
# The note may speak of anything the credit was granted for: it is told to who sees all of that.
_IS_ALL_SEEN = (
    "x.payment_id NOT IN (SELECT r.payment_id FROM reports_settle r {join} WHERE r.firm_id = %(firm)s "
    "AND r.kind <> 'payment' AND r.payment_id IS NOT NULL AND ({seen}) IS NOT TRUE)"
)
_OF_IT = _OF_MEMO.format("nullif(m.note, '')")
_NOTE = f"CASE WHEN {_IS_ALL_SEEN} THEN {_OF_IT} END"
_DETAILS: Mapping[Dimension, Mapping[str, _Detail]] = {
    Dimension.BILL: {
        "issued_on": _Detail("Issued", "x.issued_on", DetailKind.DATE),
        "due_on": _Detail("Due", "x.due_on", DetailKind.DATE),
        "state": _Detail("State", "CASE WHEN x.closed_on <= %(today)s THEN 'paid' ELSE 'awaiting payment' END"),
        "payer": _Detail("Payer", "x.payer_id", of=Dimension.PAYER),
        "last_payment_on": _Detail("Last payment", _LAST_PAYMENT, DetailKind.DATE),
    },
    Dimension.MATTER: {
        "client": _Detail("Client", "x.client_id", of=Dimension.CLIENT),
        "practice_area": _Detail("Practice area", "x.practice_area_id", of=Dimension.PRACTICE_AREA),
        "responsible": _Detail("Responsible attorney", "x.responsible_id", of=Dimension.RESPONSIBLE),
        "originating": _Detail("Originating attorney", "x.originating_id", of=Dimension.ORIGINATING),
        "status": _Detail("Status", "x.status"),
        "stage": _Detail("Stage", "x.stage_id", of=Dimension.STAGE),
        "opened_on": _Detail("Opened", "x.opened_on", DetailKind.DATE),
        "closed_on": _Detail("Closed", "CASE WHEN x.status = 'Closed' THEN x.closed_on END", DetailKind.DATE),
        "last_activity_on": _Detail("Last activity", "e.last_entry_on", DetailKind.DATE),
        "last_bill_on": _Detail("Last bill", "b.last_bill_on", DetailKind.DATE),
    },
    Dimension.TRANSACTION: {
        "moved_on": _Detail("Date", "x.moved_on", DetailKind.DATE),
        "account": _Detail("Account", "x.bank_account_id", of=Dimension.BANK_ACCOUNT),
        "matter": _Detail("Matter", "x.matter_id", of=Dimension.MATTER),
    },
    Dimension.ALLOCATION: {
        "settled_on": _Detail("Date", "x.settled_on", DetailKind.DATE),
        "kind": _Detail("Kind", "replace(x.kind, '_', '-')"),
        "method": _Detail("Method", "x.method"),
        "bill": _Detail("Bill", "x.bill_id", of=Dimension.BILL),
        "payer": _Detail("Payer", "x.payer_id", of=Dimension.PAYER),
        "granted_by": _Detail("Granted by", _OF_MEMO.format("m.granted_by_id"), of=Dimension.TIMEKEEPER),
        "note": _Detail("Note", _NOTE, tells_clients=True),
    },
}
# An allocation has several rows, which agree in all of this. The period it lies in spares a look at every other.
_ROWS = {
    Dimension.BILL: "SELECT x.bill_id, {columns} FROM reports_bill x "
    "WHERE x.firm_id = %(firm)s AND x.bill_id = ANY(%(ids)s::bigint[])",
    Dimension.MATTER: "SELECT x.matter_id, {columns} FROM reports_matter x {joins} "
    "WHERE x.firm_id = %(firm)s AND x.matter_id = ANY(%(ids)s::bigint[])",
    Dimension.TRANSACTION: "SELECT x.transaction_id, {columns} FROM reports_trust x "
    "WHERE x.firm_id = %(firm)s AND x.transaction_id = ANY(%(ids)s::bigint[])",
    Dimension.ALLOCATION: "SELECT DISTINCT ON (x.allocation_id) x.allocation_id, {columns} FROM reports_settle x "
    "WHERE x.firm_id = %(firm)s AND x.settled_on BETWEEN %(first)s AND %(last)s "
    "AND x.allocation_id = ANY(%(ids)s::bigint[]) ORDER BY x.allocation_id, x.bill_id",
}
# The same rows added up within a bill are found by an index, where facts stand. Who sees them is told by the ledger's.
_ADDED_UP = {Dimension.ALLOCATION: ("reports_settle x", f"{MONEY_OF_BILL.table} x")}


# All lines are looked through once for the page, not once for each of its matters; only those the reader sees count.
_LAST_BILLS = (
    "LEFT JOIN (SELECT r.matter_id, max(r.issued_on) AS last_bill_on FROM reports_line r {join} "
    "WHERE r.firm_id = %(firm)s AND r.matter_id = ANY(%(ids)s::bigint[]) AND r.issued_on <= %(today)s AND {seen} "
    "GROUP BY r.matter_id) b ON b.matter_id = x.matter_id"
)


_LAST_ENTRIES = (
    "LEFT JOIN (SELECT r.matter_id, max(r.worked_on) AS last_entry_on FROM ("
    "SELECT firm_id, matter_id, timekeeper_id, worked_on FROM reports_time WHERE firm_id = %(firm)s "
    "AND matter_id = ANY(%(ids)s::bigint[]) UNION ALL "
    "SELECT firm_id, matter_id, timekeeper_id, worked_on FROM reports_expense WHERE firm_id = %(firm)s "
    "AND matter_id = ANY(%(ids)s::bigint[])) r {work_join} WHERE r.worked_on <= %(today)s AND {work_seen} "
    "GROUP BY r.matter_id) e ON e.matter_id = x.matter_id"
)


def find_detail(name: str) -> DetailColumn | None:
    """Return a fact by its name, `bill.due_on`, or None."""
    dimension, _, fact = name.partition(".")
    detail = _DETAILS[Dimension(dimension)].get(fact) if dimension in _DETAILS else None
    return DetailColumn(name, Dimension(dimension), detail.title, detail.kind) if detail else None


def list_details() -> list[DetailColumn]:
    """Return every fact there is."""
    names = [f"{dimension}.{fact}" for dimension, facts in _DETAILS.items() for fact in facts]
    return [column for name in names if (column := find_detail(name))]


def read_details(
    *,
    scope: Scope,
    dimension: Dimension,
    keys: Iterable[KeyValue],
    names: Sequence[str],
    period: Period,
    tells_people: bool,
) -> Facts:
    """Return the facts of a dimension's values by their names, `bill.due_on`.

    period: the one the rows are from. tells_people: as in `label_keys`; what is a name is kept back like one.
    """
    ids = [key for key in keys if isinstance(key, int)]
    wanted = {name: _DETAILS[dimension][name.partition(".")[2]] for name in names}
    if not ids or not wanted:
        return {}
    found = _fetch(dimension, wanted.values(), scope, ids, period)
    labels = {
        of: label_keys(scope=scope, dimension=of, keys=values, tells_people=tells_people)
        for of, values in _named_values(wanted, found).items()
    }
    return {
        row[0]: {
            name: _told(detail, value, labels, scope)
            for (name, detail), value in zip(wanted.items(), row[1:], strict=True)
        }
        for row in found
    }


def _told(detail: _Detail, value: Any, labels: Mapping[Dimension, Mapping[KeyValue, str]], scope: Scope) -> DetailValue:
    if detail.tells_clients and scope.hides_client_names:
        return None
    told: DetailValue = labels[detail.of].get(value) if detail.of and value is not None else value
    return told


def _fetch(
    dimension: Dimension, details: Iterable[_Detail], scope: Scope, ids: list[int], period: Period
) -> list[tuple[Any, ...]]:
    seen, work = rows_in(scope, payer="r.payer_id"), rows_in(scope)
    tests = {"join": seen.join, "seen": seen.condition, "work_join": work.join, "work_seen": work.condition}
    columns = ", ".join(detail.expression.format(**tests) for detail in details)
    joins = _LAST_BILLS.format(**tests) if "b.last_bill_on" in columns else ""
    joins += f" {_LAST_ENTRIES.format(**tests)}" if "e.last_entry_on" in columns else ""
    statement = _ROWS[dimension].format(columns=columns, joins=joins)
    if dimension in _ADDED_UP and facts_stand(firm_id=scope.firm_id, as_of=period.today):
        statement = statement.replace(*_ADDED_UP[dimension])
    values: dict[str, Any] = {
        "firm": scope.firm_id,
        "ids": ids,
        "first": period.starts_on,
        "last": period.ends_on,
        **seen.values,
        **work.values,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "today": period.today})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _named_values(wanted: Mapping[str, _Detail], found: Iterable[tuple[Any, ...]]) -> Mapping[Dimension, set[KeyValue]]:
    """Return what has to be named: a bill's payer, a matter's attorney."""
    values: dict[Dimension, set[KeyValue]] = defaultdict(set)
    for row in found:
        for detail, value in zip(wanted.values(), row[1:], strict=True):
            if detail.of and value is not None:
                values[detail.of].add(value)
    return values
