"""The overview's figures, in the form the API answers with."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.reports.recompute.bills import Bill, approved_bills, currency_of, day, is_approved, work_class
from tests.reports.recompute.cents import cents, money
from tests.reports.recompute.settle import Settled, settle_all
from tests.reports.recompute.viewer import Viewer, ref
from tests.reports.recompute.walls import mark_walls

Record = dict[str, Any]
BUCKETS = ("current", "days_1_30", "days_31_60", "days_61_90", "days_91_plus")


class Books:
    """Everything derived from the records once, whatever is asked of it."""

    def __init__(
        self,
        records: dict[str, list[Record]],
        *,
        currency: str,
        zone: str,
        first_synced: datetime | None = None,
        rule: str = "proportional",
        holidays: Collection[date] = (),
    ):
        mark_walls(records)
        self.records, self.currency, self.zone = records, currency, ZoneInfo(zone)
        self.first_synced, self.holidays = first_synced, holidays
        self.matters = {each["id"]: each for each in records["matters"]}
        self.bills = approved_bills(records, currency)
        self.settled = settle_all(records, self.bills, currency, rule)
        self.time = [each for each in records["activities"] if each["type"] == "TimeEntry"]
        self.on_bills: dict[int, set[int]] = defaultdict(set)
        for line in records["line_items"]:
            if ref(line, "activity"):
                self.on_bills[ref(line, "activity") or 0].add(ref(line, "bill") or 0)
        self.bill_records = {bill["id"]: bill for bill in records["bills"]}
        self.mixed = self._mixed_matters()

    def matter(self, record: Record, name: str = "matter") -> Record | None:
        return self.matters.get(ref(record, name) or 0)

    def bills_of(self, activity: Record) -> list[Record]:
        ids = self.on_bills[activity["id"]] | {ref(activity, "bill") or 0}
        found = [self.bill_records[at] for at in sorted(ids) if at in self.bill_records]
        return [bill for bill in found if bill["state"] not in ("void", "deleted") and bill.get("kind") != "trust_kind"]

    def currency_of_work(self, activity: Record) -> str:
        """Return an entry's currency (R11, case 27): its bill's, else what Clio says of it or its matter."""
        bills = self.bills_of(activity)
        if bills:
            own = [bill for bill in bills if bill["id"] == ref(activity, "bill")]
            return currency_of((own or bills)[0], self.currency)
        if ref(activity, "matter") in self.mixed:
            return self.currency
        return currency_of(activity, currency_of(self.matter(activity) or {}, self.currency))

    def _mixed_matters(self) -> set[int | None]:
        billed = defaultdict(set)
        for bill in self.bills:
            for line in bill.lines:
                if line.kind != "unreconciled":
                    billed[line.matter].add(bill.currency)
        return {matter for matter, codes in billed.items() if matter is not None and len(codes) > 1}


def recompute_overview(books: Books, *, first: date, last: date, today: date, viewer: Viewer) -> dict[str, Any]:
    """Return time, currencies and months as the API would answer; `last` is cut at today."""
    last = min(last, today)
    told = [each for each in books.records["bills"] if each.get("currency")]
    used = {currency_of(each, books.currency) for each in told} | {books.currency}
    used |= {books.currency_of_work(each) for each in books.records["activities"]}
    codes = sorted(used, key=lambda code: (code != books.currency, code))
    return {
        "time": time_figures(books, first, last, today, viewer),
        "currencies": {code: money_figures(books, code, first, last, today, viewer) for code in codes},
        "hidden_rows": len(hidden_entries(books, first, last, viewer)),
        "months": [
            {
                "month": start.replace(day=1).isoformat(),
                "time": time_figures(books, start, end, today, viewer),
                "currencies": {code: dated_figures(books, code, start, end, today, viewer) for code in codes},
            }
            for start, end in months(first, last)
        ],
    }


def months(first: date, last: date) -> list[tuple[date, date]]:
    found, start = [], first.replace(day=1)
    while start <= last:
        following = (start + timedelta(days=32)).replace(day=1)
        found.append((max(first, start), min(last, following - timedelta(days=1))))
        start = following
    return found


def hours(seconds: Decimal) -> float:
    return float((seconds / 3600).quantize(Decimal("0.01"), ROUND_HALF_UP))


def percent(over: Decimal | int, under: Decimal | int) -> float | None:
    return float((Decimal(over) * 100 / Decimal(under)).quantize(Decimal("0.1"), ROUND_HALF_UP)) if under > 0 else None


def time_figures(books: Books, first: date, last: date, today: date, viewer: Viewer) -> dict[str, Any]:
    by_class: dict[str, Decimal] = defaultdict(Decimal)
    by_person: dict[int | None, Decimal] = defaultdict(Decimal)
    agreed = 0
    for entry in books.time:
        worked_on = day(entry["date"])
        if worked_on is None or not first <= worked_on <= last:
            continue
        if not viewer.sees(ref(entry, "user"), books.matter(entry)):
            continue
        if entry.get("flat_rate") or entry.get("contingency_fee"):
            agreed += 1
            continue
        if entry.get("quantity_redacted"):
            continue
        seconds = Decimal(str(entry["rounded_quantity"] or 0))
        kind = work_class(entry, books.matters)
        by_class[kind] += seconds
        if kind == "billable":
            by_person[ref(entry, "user")] += seconds
    capacity = {
        user["id"]: capacity_days(books, user, first, last, today) * 8 * 3600 for user in books.records["users"]
    }
    seen = {at: seconds for at, seconds in capacity.items() if viewer.sees_capacity_of(at) and seconds}
    available = Decimal(sum(seen.values()))
    used = sum((by_person[at] for at in seen), Decimal(0))
    idle = by_class["non_billable"] + by_class["no_charge"]
    return {
        "recorded_hours": {
            "billable": hours(by_class["billable"]),
            "non_billable": hours(idle),
            "no_charge": hours(by_class["no_charge"]),
            "total": hours(by_class["billable"] + idle),
            "agreed_fees": float(agreed),
        },
        "available_hours": {"total": hours(available) if viewer.has_capacity else None},
        "utilization": {"rate": percent(used, available) if viewer.has_capacity else None},
    }


def capacity_days(books: Books, user: Record, first: date, last: date, now: date) -> int:
    """Count the days, one after the other, on which a person could have worked; nothing after now counts."""
    if user.get("clio_connect"):
        return 0
    dates = [day(each["date"]) for each in books.time if ref(each, "user") == user["id"]]
    entries = sorted(each for each in dates if each is not None and each <= now)
    created = (
        datetime.fromisoformat(user["created_at"]).astimezone(books.zone).date() if user["created_at"] else date.max
    )
    start = min([created, *entries[:1]])
    end = date.max
    if user.get("enabled") is False:
        end = entries[-1] if entries else date.min
        seen = datetime.fromisoformat(user["disabled_seen_at"]) if user.get("disabled_seen_at") else None
        if seen and books.first_synced and seen > books.first_synced:
            end = seen.astimezone(books.zone).date()
    count, today = 0, first
    while today <= last:
        if (
            today.weekday() < 5
            and today not in books.holidays
            and start <= today <= end
            and (
                user.get("subscription_type") != "NonAttorney"
                or any(a_year_before(today) < at <= today for at in entries)
            )
        ):
            count += 1
        today += timedelta(days=1)
    return count


def a_year_before(today: date) -> date:
    return date(today.year - 1, 2, 28) if (today.month, today.day) == (2, 29) else today.replace(year=today.year - 1)


def money_figures(books: Books, code: str, first: date, last: date, today: date, viewer: Viewer) -> dict[str, Any]:
    figures = dated_figures(books, code, first, last, today, viewer)
    figures["unbilled"] = unbilled(books, code, last, viewer)
    return figures | receivable(books, code, last, viewer)


def dated_figures(books: Books, code: str, first: date, last: date, today: date, viewer: Viewer) -> dict[str, Any]:
    def visible(bill: Bill | None, person: int | None, matter: int | None) -> bool:
        payer = ref(bill.record, "client") if bill else None
        return viewer.sees(person, books.matters.get(matter or 0), payer)

    issued = [b for b in books.bills if b.currency == code and b.issued and first <= b.issued <= last]
    lines = [(b, x) for b in issued for x in b.lines if visible(b, x.person, x.matter)]
    net: dict[str, int] = defaultdict(int)
    billed_hours: dict[bool, Decimal] = defaultdict(Decimal)
    worth: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for _, line in lines:
        net[line.kind] += line.net
        hourly = line.activity is not None and line.activity["type"] == "TimeEntry"
        if (
            hourly
            and line.kind == "fee"
            and line.activity
            and not (line.activity.get("flat_rate") or line.activity.get("contingency_fee"))
        ):
            billed_hours[line.no_charge] += Decimal(str(line.quantity or 0))
        if line.kind == "fee" and line.worked is not None:
            method = (books.matters.get(line.matter or 0) or {}).get("billing_method") or "hourly"
            worth[method][0] += line.net
            worth[method][1] += line.worked
    interest = sum(
        amount
        for b in books.bills
        if b.currency == code
        for at, matter, amount in b.charges
        if first <= at <= last and visible(b, None, matter)
    )
    paid = [
        p for p in books.settled if p.currency == code and p.kind == "payment" and visible(p.bill, p.person, p.matter)
    ]
    got: dict[str, int] = defaultdict(int)
    for piece in paid:
        if first <= piece.day <= last:
            got[piece.item] += piece.amounts[0]
            got["tax"] += piece.amounts[1] + piece.amounts[2]
    billed = net["fee"] + net["expense"] + net["unreconciled"]
    of_bills = [
        (p.day - p.bill.issued, p.amounts[0])
        for p in paid
        if p.bill and p.bill.issued and first <= p.bill.issued <= last and p.day <= today
        and p.item in ("fee", "expense", "unreconciled")
    ]  # fmt: skip
    to_date = sum(amount for _, amount in of_bills)
    early = sum(amount for taken, amount in of_bills if taken.days <= 90)

    def rate(method: str) -> float | None:
        return percent(*worth[method])

    return {
        "billed": {
            "fees": money(net["fee"], code),
            "expenses": money(net["expense"], code),
            "unreconciled": money(net["unreconciled"], code),
            "total": money(billed, code),
            "interest": money(interest, code),
        },
        "billed_hours": {
            "total": hours(billed_hours[False] * 3600),
            "no_charge": hours(billed_hours[True] * 3600),
        },
        "realization": {"rate": rate("hourly"), "flat": rate("flat"), "contingency": rate("contingency")},
        "collected": {
            "fees": money(got["fee"], code),
            "expenses": money(got["expense"], code),
            "unreconciled": money(got["unreconciled"], code),
            "total": money(got["fee"] + got["expense"] + got["unreconciled"], code),
            "tax": money(got["tax"], code),
            "interest": money(got["interest"], code),
        },
        "collection_rate": {"rate": percent(to_date, billed), "within_90_days": percent(early, billed)},
    }


def hidden_entries(books: Books, first: date, last: date, viewer: Viewer) -> set[int]:
    """Return the entries that lack hours worked in the period, or money billed in it or unbilled at its end."""
    found = set()
    for entry in books.records["activities"]:
        at, matter = day(entry["date"]), books.matter(entry)
        if at is None or at > last or not viewer.sees(ref(entry, "user"), matter):
            continue
        agreed = entry.get("flat_rate") or entry.get("contingency_fee")
        no_hours = entry.get("quantity_redacted") or entry["rounded_quantity"] is None
        if entry["type"] == "TimeEntry" and not agreed and no_hours and at >= first:
            found.add(entry["id"])
        if entry["total"] is not None or ref(entry, "matter") is None or work_class(entry, books.matters) != "billable":
            continue
        issued = [day(bill["issued_at"]) for bill in books.bills_of(entry) if is_approved(bill)]
        invested = (matter or {}).get("billing_method") == "contingency" and not entry.get("contingency_fee")
        if not any(day and day <= last for day in issued) and not (entry["type"] == "TimeEntry" and invested):
            found.add(entry["id"])
    for bill in books.bills:
        if not bill.issued or not first <= bill.issued <= last:
            continue
        for line in bill.lines:
            sees = viewer.sees(line.person, books.matters.get(line.matter or 0), ref(bill.record, "client"))
            if line.kind == "fee" and line.worked is None and line.activity and sees:
                found.add(line.activity["id"])
    return found


def unbilled(books: Books, code: str, on: date, viewer: Viewer) -> dict[str, str]:
    sums: dict[str, int] = defaultdict(int)
    for activity in books.records["activities"]:
        worked_on, matter = day(activity["date"]), books.matter(activity)
        if worked_on is None or worked_on > on or ref(activity, "matter") is None or activity["total"] is None:
            continue
        if work_class(activity, books.matters) != "billable" or not viewer.sees(ref(activity, "user"), matter):
            continue
        bills = books.bills_of(activity)
        issued = [day(bill["issued_at"]) for bill in bills if is_approved(bill)]
        if any(at is not None and at <= on for at in issued):
            continue
        if books.currency_of_work(activity) != code:
            continue
        kind = "expenses"
        if activity["type"] == "TimeEntry":
            kind = "contingency_fees" if activity.get("contingency_fee") else "fees"
            if kind == "fees" and (matter or {}).get("billing_method") == "contingency":
                continue
        sums[kind] += cents(activity["total"], code)
    names: dict[str, int] = {
        "fees": sums["fees"],
        "expenses": sums["expenses"],
        "total": sums["fees"] + sums["expenses"],
    }
    return {
        name: money(amount, code) for name, amount in {**names, "contingency_fees": sums["contingency_fees"]}.items()
    }


def receivable(books: Books, code: str, on: date, viewer: Viewer) -> dict[str, Any]:
    by_bill: dict[int, list[Settled]] = defaultdict(list)
    for piece in books.settled:
        if piece.bill is not None and piece.day <= on:
            by_bill[piece.bill.id].append(piece)
    owing, overpaid = dict.fromkeys(BUCKETS, 0), 0
    for bill in books.bills:
        if bill.currency != code or bill.issued is None or bill.issued > on:
            continue
        balance = 0
        if bill.record["due"] is not None:
            balance = cents(bill.record["due"], code) - sum(amount for at, _, amount in bill.charges if at > on)
        balance -= sum(sum(piece.amounts) for piece in by_bill[bill.id])
        visible = sum_in_scope(books, bill, by_bill[bill.id], on, viewer)
        if balance < 0:
            overpaid -= visible
        elif balance > 0:
            owing[bucket(on, day(bill.record["due_at"]) or bill.issued)] += visible
    total = sum(owing.values())
    return {
        "receivable": {"total": money(total, code), "overpaid": money(overpaid, code)},
        "aging": {
            **{name: money(amount, code) for name, amount in owing.items()},
            **{f"{name}_share": percent(amount, total) for name, amount in owing.items()},
        },
    }


def sum_in_scope(books: Books, bill: Bill, pieces: list[Settled], on: date, viewer: Viewer) -> int:
    payer = ref(bill.record, "client")

    def sees(person: int | None, matter: int | None) -> bool:
        return viewer.sees(person, books.matters.get(matter or 0), payer)

    parts: list[Callable[[], int]] = [
        lambda: sum(sum(line.owed) for line in bill.lines if sees(line.person, line.matter)),
        lambda: sum(amount for at, matter, amount in bill.charges if at <= on and sees(None, matter)),
        lambda: -sum(sum(piece.amounts) for piece in pieces if sees(piece.person, piece.matter)),
    ]
    return sum(part() for part in parts)


def bucket(on: date, since: date) -> str:
    age = (on - since).days
    return BUCKETS[0] if age <= 0 else BUCKETS[min((age - 1) // 30 + 1, 4)]
