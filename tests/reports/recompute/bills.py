"""Approved bills with their lines as kpis.md section 2 wants them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.reports.recompute.cents import cents, share_out, without_negatives
from tests.reports.recompute.viewer import ref

Record = dict[str, Any]


@dataclass
class Line:
    """A line; taxes are two amounts, `owed` is what net, tax 1 and tax 2 can take."""

    id: int
    kind: str
    matter: int | None
    person: int | None
    gross: int
    less: int
    taxes: list[int]
    activity: Record | None
    quantity: Any
    no_charge: bool = False
    summary: bool = False
    net: int = 0
    off_bill: int = 0
    worked: int | None = 0
    owed: list[int] = field(default_factory=lambda: [0, 0, 0])
    taken: list[int] = field(default_factory=lambda: [0, 0, 0])
    listed: date | None = None


@dataclass
class Bill:
    """A bill, its lines, and what was charged on it: (date, matter, amount)."""

    record: Record
    currency: str
    issued: date | None
    lines: list[Line]
    charges: list[tuple[date, int | None, int]]
    gap_is_fault: bool = False

    @property
    def id(self) -> int:
        return int(self.record["id"])

    @property
    def only_matter(self) -> int | None:
        matters = self.record.get("matters") or []
        return int(matters[0]["id"]) if len(matters) == 1 else None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def is_approved(bill: Record) -> bool:
    return bill["state"] in ("awaiting_payment", "paid") and bill.get("kind") != "trust_kind"


def work_class(activity: Record, matters: dict[int, Record]) -> str:
    if activity.get("no_charge"):
        return "no_charge"
    matter = matters.get(ref(activity, "matter") or 0)
    if activity.get("non_billable") or (matter is not None and matter.get("billable") is False):
        return "non_billable"
    return "billable"


def currency_of(bill: Record, default: str) -> str:
    return (bill.get("currency") or {}).get("code") or default


def approved_bills(records: dict[str, list[Record]], default: str) -> list[Bill]:
    """Return the approved revenue bills, every amount of every line settled."""
    activities = {each["id"]: each for each in records["activities"]}
    matters = {each["id"]: each for each in records["matters"]}
    by_bill: dict[int, list[Record]] = defaultdict(list)
    for line in records["line_items"]:
        by_bill[ref(line, "bill") or 0].append(line)
    charges: dict[int, list[Record]] = defaultdict(list)
    for charge in records["interest_charges"]:
        charges[ref(charge, "bill") or 0].append(charge)
    worth = entry_worth(records, matters, default)
    bills = []
    for record in records["bills"]:
        if not is_approved(record):
            continue
        code = currency_of(record, default)
        bill = Bill(record, code, day(record["issued_at"]), [], [])
        bill.charges = [
            (date.fromisoformat(each["date"]), charge_matter(each, bill), cents(each["total"], code))
            for each in charges[bill.id]
        ]
        for line in sorted(by_bill[bill.id], key=lambda each: each["id"]):
            bill.lines.append(read_line(line, bill, activities, code))
        break_summaries(bill)
        discount(bill)
        check(bill)
        for each in bill.lines:
            each.worked = worked(each, worth, matters)
        weigh(bill)
        bills.append(bill)
    return bills


def charge_matter(charge: Record, bill: Bill) -> int | None:
    matters = charge.get("matters") or []
    return int(matters[0]["id"]) if len(matters) == 1 else bill.only_matter


def read_line(line: Record, bill: Bill, activities: dict[int, Record], code: str) -> Line:
    activity = activities.get(ref(line, "activity") or 0)
    no_charge = line["type"] == "NoChargeLineItem"
    stated = line["sub_total"] if line["sub_total"] is not None else (line["price"] or 0) * (line["quantity"] or 0)
    gross = 0 if no_charge else cents(stated, code)
    reduction = line.get("discount") or {}
    less = 0
    if reduction.get("rate") is not None and not no_charge:
        percentage = reduction["type"] == "percentage"
        less = cents(gross * reduction["rate"] / 100, "JPY") if percentage else cents(reduction["rate"], code)
    return Line(
        id=line["id"],
        kind="expense" if line["kind"] == "Expense" else "fee",
        matter=ref(line, "matter") or ref(activity, "matter") or bill.only_matter,
        person=ref(line, "user") or ref(activity, "user"),
        gross=gross,
        less=less,
        taxes=[0, 0] if no_charge else [cents(line["tax"] or 0, code), cents(line["secondary_tax"] or 0, code)],
        activity=activity,
        quantity=line["quantity"],
        no_charge=no_charge,
        summary=line["type"] == "SummaryLineItem",
        listed=day(line["date"]) or bill.issued,
    )


def break_summaries(bill: Bill) -> None:
    for place in {(line.kind, line.matter) for line in bill.lines if line.summary}:
        here = [line for line in bill.lines if (line.kind, line.matter) == place and not line.no_charge]
        covered, summaries = [x for x in here if not x.summary], [x for x in here if x.summary]
        weights = without_negatives([(None, None, line.gross) for line in covered])
        if sum(weights) <= 0:
            continue
        for line in covered:
            line.gross, line.less, line.taxes = 0, 0, [0, 0]
        for one in summaries:
            columns = [share_out(amount, weights) for amount in (one.gross, one.less, *one.taxes)]
            for line, gross, less, first, second in zip(covered, *columns, strict=True):
                line.gross += gross
                line.less += less
                line.taxes = [line.taxes[0] + first, line.taxes[1] + second]
        bill.lines = [line for line in bill.lines if line not in summaries]


def discount(bill: Bill) -> None:
    for line in bill.lines:
        line.net = line.gross - line.less
    reduction = bill.record.get("discount") or {}
    services_only = str(bill.record.get("discount_services_only")).strip().lower() in ("true", "t", "yes", "1")
    eligible = [x for x in bill.lines if not x.no_charge and (not services_only or x.kind == "fee")]
    if not reduction.get("rate") or not eligible:
        return
    base = sum(line.net for line in eligible)
    amount = (
        cents(base * reduction["rate"] / 100, "JPY")
        if reduction["type"] == "percentage"
        else cents(reduction["rate"], bill.currency)
    )
    weights = without_negatives([(line.matter, line.kind, line.net) for line in eligible])
    if sum(weights) > 0:
        for line, part in zip(eligible, share_out(amount, weights), strict=True):
            line.net -= part
            line.off_bill = part


def check(bill: Bill) -> None:
    if bill.record["due"] is None:
        return
    explained = sum(line.net + sum(line.taxes) for line in bill.lines) + sum(charge[2] for charge in bill.charges)
    gap = cents(bill.record["due"], bill.currency) - explained
    counted = [line for line in bill.lines if not line.no_charge]
    if gap and abs(gap) <= len(counted):
        min(counted, key=lambda line: (-abs(line.net), line.id)).net += gap
    elif gap:
        bill.gap_is_fault = True
        sums: dict[int | None, int] = defaultdict(int)
        for line in bill.lines:
            sums[line.matter] += line.net + sum(line.taxes)
        named = [each["id"] for each in bill.record.get("matters") or []]
        largest = min(sums, key=lambda m: (-sums[m], m is None, m or 0)) if sums else min(named, default=None)
        bill.lines.append(Line(-bill.id, "unreconciled", largest, None, gap, 0, [0, 0], None, None, net=gap))


def entry_worth(
    records: dict[str, list[Record]], matters: dict[int, Record], default: str
) -> dict[tuple[int, int], int | None]:
    """Return (entry, line) -> worked value, an entry on several live lines cut between them."""
    live = {
        bill["id"]: bill
        for bill in records["bills"]
        if bill["state"] not in ("void", "deleted") and bill.get("kind") != "trust_kind"
    }
    found: dict[int, list[Record]] = defaultdict(list)
    for line in sorted(records["line_items"], key=lambda each: each["id"]):
        if ref(line, "activity") and ref(line, "bill") in live:
            found[ref(line, "activity") or 0].append(line)
    worth: dict[tuple[int, int], int | None] = {}
    for activity in records["activities"]:
        lines = found[activity["id"]]
        if not lines:
            continue
        own = live.get(ref(activity, "bill") or 0)
        code = currency_of(own or live[min(ref(line, "bill") or 0 for line in lines)], default)
        total = activity.get("unbilled_total", activity["total"])
        value = 0 if work_class(activity, matters) != "billable" else None if total is None else cents(total, code)
        charged = [line for line in lines if line["type"] != "NoChargeLineItem"]
        codes = [currency_of(live[ref(line, "bill") or 0], default) for line in charged]
        weights = [max(cents(x["sub_total"] or 0, own_code), 0) for x, own_code in zip(charged, codes, strict=True)]
        if len(charged) < 2 or value is None:
            parts: list[int | None] = [value] * len(charged)
        else:
            parts = list(share_out(value, weights if sum(weights) else [1] * len(charged)))
        worth |= {(activity["id"], line["id"]): part for line, part in zip(charged, parts, strict=True)}
    return worth


def worked(line: Line, worth: dict[tuple[int, int], int | None], matters: dict[int, Record]) -> int | None:
    if line.no_charge or line.kind == "unreconciled":
        return 0
    if line.activity is None:
        return line.gross
    return worth[line.activity["id"], line.id]


def weigh(bill: Bill) -> None:
    for line in bill.lines:
        line.owed = [line.net, *line.taxes]
    for matter in {line.matter for line in bill.lines}:
        inside = in_order([line for line in bill.lines if line.matter == matter])
        if sum(sum(line.owed) for line in inside) <= 0:
            continue
        rows = [(matter, (line.kind, part), line.owed[part]) for line in inside for part in range(3)]
        weights = without_negatives(rows)
        for at, line in enumerate(inside):
            line.owed = weights[3 * at : 3 * at + 3]


def in_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.id < 0, line.id))
