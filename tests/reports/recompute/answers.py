"""Metrics by any dimension, each from the facts of its own key: first gathered, then sorted by key, then figured."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reports.recompute.facts import Fact, Key, charges, entries, key_of, lines, money, paid_up, work_of
from tests.reports.recompute.overview import Books, capacity_days, months
from tests.reports.recompute.viewer import Viewer, ref

Items = dict[str, Decimal | None]
Facts = dict[str, list[Fact]]
ON_LINES, PLURALS = ("fee", "expense", "unreconciled"), ("fees", "expenses", "unreconciled")
EARLY, LATE = date(1900, 1, 1), date(2999, 12, 31)


@dataclass
class Question:
    """A period, its currency, today, and who asks."""

    books: Books
    code: str
    first: date
    last: date
    today: date
    viewer: Viewer

    def entries(self) -> list[Fact]:
        return entries(self.books, self.first, min(self.last, self.today), self.today, self.viewer)

    def own_entries(self) -> list[Fact]:
        return [fact for fact in self.entries() if fact.thing.currency == self.code]

    def lines(self) -> list[Fact]:
        return lines(self.books, self.code, self.first, min(self.last, self.today), self.viewer)

    def charges(self) -> list[Fact]:
        return charges(self.books, self.code, self.first, min(self.last, self.today), self.viewer)

    def money(self, kind: str = "") -> list[Fact]:
        last = min(self.last, self.today)
        found = [fact for fact in money(self.books, self.code, self.viewer) if not kind or fact.thing.kind == kind]
        return [fact for fact in found if self.first <= fact.thing.day <= last]

    def money_on_bills(self) -> list[Fact]:
        """Return what was put by today on bills issued in the period."""
        last = min(self.last, self.today)
        return [
            fact
            for fact in money(self.books, self.code, self.viewer)
            if fact.thing.day <= self.today
            and fact.thing.bill
            and fact.thing.bill.issued
            and self.first <= fact.thing.bill.issued <= last
        ]

    def entries_on_matters_to_date(self) -> list[Fact]:
        found = entries(self.books, EARLY, min(self.last, self.today), self.today, self.viewer)
        return [fact for fact in found if fact.matter is not None]

    def fees_on_matters_to_date(self) -> list[Fact]:
        return [
            fact
            for fact in money(self.books, self.code, self.viewer)
            if fact.thing.kind == "payment" and fact.item == "fee" and fact.matter is not None
            if fact.thing.day <= min(self.last, self.today)
        ]

    def capacity(self) -> list[Fact]:
        """Return (user, month, days) of everybody in scope."""
        last = min(self.last, self.today)
        return [
            Fact(user["id"], None, thing=(start, capacity_days(self.books, user, start, end, self.today)))
            for user in self.books.records["users"]
            if self.viewer.sees_capacity_of(user["id"])
            for start, end in months(self.first, last)
        ]

    def work_billed(self) -> list[Fact]:
        everything = lines(self.books, self.code, EARLY, self.today, Viewer())
        return work_of(self.books, everything, self.entries())

    def work_collected(self) -> list[Fact]:
        paid = [x for x in money(self.books, self.code, Viewer()) if x.thing.kind == "payment"]
        return work_of(self.books, [x for x in paid if x.thing.day <= self.today], self.entries())

    def paid_up(self) -> list[Fact]:
        return paid_up(self.books, self.code, self.first, min(self.last, self.today), self.today, self.viewer)


def recompute(metric: str, question: Question, dimension: str = "") -> dict[Key, Items]:
    """Return a metric's items by key; under the key "" where nothing is broken down."""
    return recompute_by_key(METRICS[metric], question, dimension)


def recompute_by_key(declared: "Declared", question: Question, dimension: str = "") -> dict[Key, Items]:
    """Return the items of what is declared by how facts are gathered and how figures are made of them."""
    gathered, figure = declared
    facts = gathered(question)
    if not dimension:
        return {"": figure(facts, question)}
    by_key: dict[Key, Facts] = {}
    for name, found in facts.items():
        for fact in found:
            key = key_of(question.books, fact, dimension)
            by_key.setdefault(key, {each: [] for each in facts})[name].append(fact)
    return {key: figure(sorted_out, question) for key, sorted_out in by_key.items()}


def nothing(metric: str, question: Question) -> Items:
    """Return the items of a key with no facts."""
    return figures_of_nothing(METRICS[metric], question)


def figures_of_nothing(declared: "Declared", question: Question) -> Items:
    gathered, figure = declared
    return figure({name: [] for name in gathered(question)}, question)


_EXACT = ContextVar("exact", default=False)


@contextmanager
def exactly() -> Iterator[None]:
    """Leave figures unrounded: they are fractions inside."""
    token = _EXACT.set(True)
    try:
        yield
    finally:
        _EXACT.reset(token)


def rounded(value: Fraction | int | None, places: int) -> Any:
    """Round halves away from zero."""
    if value is None or _EXACT.get():
        return None if value is None else Fraction(value)
    scaled = abs(Fraction(value)) * 10**places
    whole = int(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def amount(cents: Fraction | int | None, code: str) -> Any:
    digits = 0 if code == "JPY" else 2
    in_cents = rounded(cents, 0)
    if isinstance(in_cents, Fraction):
        return in_cents / 10**digits
    return None if in_cents is None else in_cents.scaleb(-digits)


def over(top: Fraction | int, under: Fraction | int) -> Fraction | None:
    return Fraction(top) / Fraction(under) if under > 0 else None


def percent(top: Fraction | int, under: Fraction | int) -> Decimal | None:
    share = over(top, under)
    return None if share is None else rounded(share * 100, 1)


def at_share(values: list[int], share: Fraction) -> Fraction | None:
    """Interpolate between the two values around a share of a sorted list."""
    if not values:
        return None
    ordered, place = sorted(values), share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def seconds_of(facts: Iterable[Fact], *kinds: str) -> Fraction:
    return sum((f.thing.seconds or Fraction(0) for f in facts if not kinds or f.thing.kind in kinds), Fraction(0))


def net_of(facts: Iterable[Fact], *items: str) -> int:
    return sum(fact.thing.amounts[0] for fact in facts if fact.item in items)


def line_sum(facts: Iterable[Fact], name: str, *items: str, known: bool = False) -> int:
    return sum(
        getattr(fact.thing[1], name)
        for fact in facts
        if fact.item in items and not (known and fact.thing[1].worked is None)
    )


def recorded_hours(facts: Facts, _: Question) -> Items:
    found = facts["entries"]
    return {
        "billable": rounded(seconds_of(found, "billable") / 3600, 2),
        "non_billable": rounded(seconds_of(found, "non_billable", "no_charge") / 3600, 2),
        "no_charge": rounded(seconds_of(found, "no_charge") / 3600, 2),
        "total": rounded(seconds_of(found) / 3600, 2),
        "agreed_fees": Decimal(sum(fact.thing.agreed for fact in found)),
    }


def billable_share(facts: Facts, _: Question) -> Items:
    found = facts["entries"]
    return {"rate": percent(seconds_of(found, "billable"), seconds_of(found))}


def available_hours(facts: Facts, question: Question) -> Items:
    days = sum(fact.thing[1] for fact in facts["capacity"])
    return {"total": rounded(days * 8, 2) if question.viewer.has_capacity else None}


def utilization(facts: Facts, question: Question) -> Items:
    seconds: dict[int | None, int] = {}
    for fact in facts["capacity"]:
        seconds[fact.person] = seconds.get(fact.person, 0) + fact.thing[1] * 8 * 3600
    measured = [fact for fact in facts["entries"] if seconds.get(fact.person)]
    there = sum(seconds.values())
    return {"rate": percent(seconds_of(measured, "billable"), there) if question.viewer.has_capacity else None}


def billed(facts: Facts, question: Question) -> Items:
    sums = {plural: line_sum(facts["lines"], "net", item) for item, plural in zip(ON_LINES, PLURALS, strict=True)}
    sums |= {"total": sum(sums.values()), "interest": sum(fact.thing for fact in facts["charges"])}
    return {name: amount(cents, question.code) for name, cents in sums.items()}


def collected(facts: Facts, question: Question) -> Items:
    sums = {plural: net_of(facts["money"], item) for item, plural in zip(ON_LINES, PLURALS, strict=True)}
    sums |= {
        "total": sum(sums.values()),
        "tax": sum(sum(fact.thing.amounts[1:]) for fact in facts["money"]),
        "interest": net_of(facts["money"], "interest"),
    }
    return {name: amount(cents, question.code) for name, cents in sums.items()}


def collection_rate(facts: Facts, _: Question) -> Items:
    paid = [fact for fact in facts["on_bills"] if fact.thing.kind == "payment"]
    early = [fact for fact in paid if fact.thing.day <= fact.thing.bill.issued + timedelta(days=90)]
    billed_net = line_sum(facts["lines"], "net", *ON_LINES)
    return {
        "rate": percent(net_of(paid, *ON_LINES), billed_net),
        "within_90_days": percent(net_of(early, *ON_LINES), billed_net),
    }


def capture(facts: Facts, question: Question) -> Items:
    available: dict[int | None, dict[date, int]] = {}
    for fact in facts["capacity"]:
        month, days = fact.thing
        available.setdefault(fact.person, {})[month.replace(day=1)] = days * 8 * 3600
    used, untracked, there = Fraction(0), Fraction(0), 0
    for person, by_month in available.items():
        own = [fact for fact in facts["entries"] if fact.person == person]
        if sum(by_month.values()):
            used += seconds_of(own)
        for month, seconds in by_month.items():
            there += seconds
            worked = seconds_of(fact for fact in own if fact.thing.on.replace(day=1) == month)
            untracked += max(Fraction(0), seconds - worked)
    dated = [fact.thing for fact in facts["entries"] if fact.thing.made]
    late = sum(((x.seconds or Fraction(0)) * (x.made - x.on).days for x in dated), Fraction(0))
    lag = over(late, sum((x.seconds or Fraction(0) for x in dated), Fraction(0)))
    offered = question.viewer.has_capacity
    return {
        "rate": percent(used, there) if offered else None,
        "untracked": rounded(untracked / 3600, 2) if offered else None,
        "entry_lag": rounded(lag, 1),
    }


def timesheet_gaps(facts: Facts, question: Question) -> Items:
    """Count, day by day, who could have worked and who wrote nothing down."""
    people = {fact.person for fact in facts["capacity"]}
    written = {(fact.person, fact.thing.on) for fact in facts["entries"]}
    users = [user for user in question.books.records["users"] if user["id"] in people]
    free, at = set(), question.first
    while at <= min(question.last, question.today):
        for user in users:
            if capacity_days(question.books, user, at, at, question.today):
                free.add((user["id"], at))
        at += timedelta(days=1)
    offered = question.viewer.has_capacity
    return {
        "missing_days": rounded(len(free - written), 0) if offered else None,
        "days": rounded(len(free), 0) if offered else None,
    }


def worked_value(facts: Facts, question: Question) -> Items:
    found = [fact.thing for fact in facts["own"]]
    priced = [x for x in found if x.value is not None and x.standard is not None]
    return {
        "worked": amount(sum(x.value or 0 for x in found), question.code),
        "standard": amount(sum((x.standard or Fraction(0) for x in found), Fraction(0)), question.code),
        "rate": percent(sum(x.value for x in priced), sum((x.standard for x in priced), Fraction(0))),
    }


def funnel(facts: Facts, question: Question) -> Items:
    worked = sum(fact.thing.value or 0 for fact in facts["own"])
    is_billed = sum(fact.thing.value or 0 for fact in facts["own"] if fact.thing.is_billed)
    billed = sum(line.net for fact in facts["billed"] for line in [fact.thing[1][1]])
    collected = sum(fact.thing[1].amounts[0] for fact in facts["collected"])
    return {
        "captured": rounded(seconds_of(facts["entries"]) / 3600, 2),
        "worked": amount(worked, question.code),
        "billed": amount(billed, question.code),
        "collected": amount(collected, question.code),
        "billed_rate": percent(billed, worked),
        "collected_rate": percent(collected, billed),
        "maturity": percent(is_billed, worked),
    }


def overall_realization(facts: Facts, _: Question) -> Items:
    own = [fact.thing for fact in facts["own"]]
    priced = [x.standard for x in own if x.value is not None and x.standard is not None]
    collected = [(fact.thing[0], fact.thing[1].amounts[0]) for fact in facts["collected"]]
    return {
        "rate": percent(sum(net for _, net in collected), sum(x.value or 0 for x in own)),
        "of_standard": percent(
            sum(net for entry, net in collected if entry.standard is not None), sum(priced, Fraction(0))
        ),
    }


def is_hourly(fact: Fact) -> bool:
    entry = fact.thing[1].activity or {}
    time = entry.get("type") == "TimeEntry" and not (entry.get("flat_rate") or entry.get("contingency_fee"))
    return time and fact.item == "fee"


def billed_hours(facts: Facts, _: Question) -> Items:
    def quantity(free: bool) -> Fraction:
        found = [fact.thing[1] for fact in facts["lines"] if is_hourly(fact) and fact.thing[1].no_charge is free]
        return sum((Fraction(str(line.quantity or 0)) for line in found), Fraction(0))

    return {"total": rounded(quantity(False), 2), "no_charge": rounded(quantity(True), 2)}


def realization(facts: Facts, question: Question) -> Items:
    def of(method: str) -> Decimal | None:
        found = [x for x in facts["lines"] if key_of(question.books, x, "billing_method") == method]
        return percent(line_sum(found, "net", "fee", known=True), line_sum(found, "worked", "fee", known=True))

    return {"rate": of("hourly"), "flat": of("flat"), "contingency": of("contingency")}


def reductions(facts: Facts, question: Question) -> Items:
    items: Items = {}
    for kind, plural in (("fee", "fees"), ("expense", "expenses")):
        found = [fact.thing[1] for fact in facts["lines"] if fact.item == kind]
        known = [line for line in found if line.worked is not None]
        worth = sum(line.worked for line in known)
        down = sum(line.worked - line.gross for line in known)
        less, of_bill = sum(line.less for line in found), sum(line.off_bill for line in found)
        items |= {
            f"{plural}_written_down": amount(down, question.code),
            f"{plural}_line_discounts": amount(less, question.code),
            f"{plural}_bill_discounts": amount(of_bill, question.code),
            f"{plural}_discounts": amount(less + of_bill, question.code),
            f"{plural}_write_down_rate": percent(down, worth),
            f"{plural}_discount_rate": percent(sum(line.less + line.off_bill for line in known), worth),
        }
    return items


def write_offs(facts: Facts, question: Question) -> Items:
    off = [fact for fact in facts["money"] if fact.thing.kind == "write_off"]
    less = [fact for fact in facts["money"] if fact.thing.kind == "discount"]
    billed = line_sum(facts["lines"], "net", *ON_LINES)
    of_bills = [fact for fact in facts["on_bills"] if fact.thing.kind == "write_off"]
    sums = {
        "total": net_of(off, *ON_LINES),
        "fees": net_of(off, "fee"),
        "expenses": net_of(off, "expense"),
        "unreconciled": net_of(off, "unreconciled"),
        "tax": sum(sum(fact.thing.amounts[1:]) for fact in off),
        "interest_waived": net_of(off + less, "interest"),
        "discounts": net_of(less, *ON_LINES),
        "discounts_tax": sum(sum(fact.thing.amounts[1:]) for fact in less),
    }
    return {
        **{name: amount(cents, question.code) for name, cents in sums.items()},
        "rate": percent(sums["total"], billed),
        "rate_of_bills": percent(net_of(of_bills, *ON_LINES), billed),
    }


def credits(facts: Facts, question: Question) -> Items:
    found = write_offs({"on_bills": [], "lines": [], **facts}, question)

    def added(*names: str) -> Decimal:
        whole: Decimal = rounded(0, 0)
        for name in names:
            whole += found[name] or 0
        return whole

    off, less = ("total", "tax"), ("discounts", "discounts_tax")
    return {
        "total": added(*off, *less, "interest_waived"),
        "write_offs": added(*off),
        "discounts": added(*less),
        "interest_waived": added("interest_waived"),
    }


def bills_issued(facts: Facts, question: Question) -> Items:
    of_bills = [fact for fact in facts["on_bills"] if fact.item in ON_LINES]
    tax = sum(sum(fact.thing[1].taxes) for fact in facts["lines"])
    charged = sum(fact.thing[1].net for fact in facts["lines"]) + tax
    paid = sum(sum(fact.thing.amounts) for fact in of_bills if fact.thing.kind == "payment")
    credited = sum(sum(fact.thing.amounts) for fact in of_bills if fact.thing.kind != "payment")
    sums = {"total": charged, "tax": tax, "paid": paid, "credited": credited, "open": charged - paid - credited}
    return {name: amount(cents, question.code) for name, cents in sums.items()}


def days_to_bill(facts: Facts, _: Question) -> Items:
    waits = []
    for fact in facts["lines"]:
        bill, line = fact.thing
        if fact.item == "fee" and line.activity and line.activity["date"]:
            waits.append((max((bill.issued - date.fromisoformat(line.activity["date"])).days, 0), line.worked))
    known = [(days, worth) for days, worth in waits if worth is not None]
    average = over(sum(days * worth for days, worth in known), sum(worth for _, worth in known))
    return {
        "average": rounded(average, 1),
        "median": rounded(at_share([days for days, _ in waits], Fraction(1, 2)), 1),
    }


def cash_to_billings(facts: Facts, _: Question) -> Items:
    return {"rate": percent(net_of(facts["money"], *ON_LINES), line_sum(facts["lines"], "net", *ON_LINES))}


def effective_rate(facts: Facts, question: Question) -> Items:
    hourly = [fact for fact in facts["lines"] if is_hourly(fact) and not fact.thing[1].no_charge]
    hours = sum((Fraction(str(fact.thing[1].quantity or 0)) for fact in hourly), Fraction(0))
    paid = 0
    for fact in facts["on_bills"]:
        line = fact.thing.line
        if (
            fact.thing.kind == "payment"
            and line is not None
            and is_hourly(Fact(None, None, item=line.kind, thing=(0, line)))
        ):
            paid += fact.thing.amounts[0]
    return {
        "billed": amount(over(line_sum(hourly, "net", "fee"), hours), question.code),
        "collected": amount(over(paid, hours), question.code),
    }


def matter_rate(facts: Facts, question: Question) -> Items:
    hours = seconds_of(facts["entries"]) / 3600
    fees = sum(fact.thing.amounts[0] for fact in facts["fees"])
    return {
        "rate": amount(over(fees, hours), question.code),
        "collected": amount(fees, question.code),
        "hours": rounded(hours, 2),
    }


def days_to_pay(facts: Facts, _: Question) -> Items:
    top = under = 0
    for fact in facts["money"]:
        piece = fact.thing
        if fact.item not in ("interest", "credit") and piece.bill and piece.bill.issued:
            under += sum(piece.amounts)
            top += sum(piece.amounts) * max((piece.day - piece.bill.issued).days, 0)
    taken = list(dict(fact.thing for fact in facts["paid_up"]).values())
    mean = Fraction(sum(taken), len(taken)) if taken else None
    return {
        "average": rounded(over(top, under), 1),
        "full_payment_median": rounded(at_share(taken, Fraction(1, 2)), 1),
        "full_payment_mean": rounded(mean, 1),
        "full_payment_p90": rounded(at_share(taken, Fraction(9, 10)), 1),
        "bills": Decimal(len(taken)),
    }


def payments(facts: Facts, question: Question) -> Items:
    found = [fact for fact in facts["money"] if fact.item != "credit"]
    ids = {(ref(fact.thing.record, "parent") or -fact.thing.record["id"]) for fact in found}
    sums = {
        way: sum(sum(fact.thing.amounts) for fact in found if fact.method == way)
        for way in ("trust", "card", "echeck", "operating", "direct")
    }
    return {
        "total": amount(sum(sums.values()), question.code),
        **{way: amount(cents, question.code) for way, cents in sums.items()},
        "payments": Decimal(len(ids)),
    }


Declared = tuple[Callable[[Question], Facts], Callable[[Facts, Question], Items]]
METRICS: dict[str, Declared] = {
    "recorded_hours": (lambda q: {"entries": q.entries()}, recorded_hours),
    "available_hours": (lambda q: {"capacity": q.capacity()}, available_hours),
    "utilization": (lambda q: {"entries": q.entries(), "capacity": q.capacity()}, utilization),
    "billed": (lambda q: {"lines": q.lines(), "charges": q.charges()}, billed),
    "collected": (lambda q: {"money": q.money("payment")}, collected),
    "collection_rate": (lambda q: {"lines": q.lines(), "on_bills": q.money_on_bills()}, collection_rate),
    "billable_share": (lambda q: {"entries": q.entries()}, billable_share),
    "capture": (lambda q: {"entries": q.entries(), "capacity": q.capacity()}, capture),
    "timesheet_gaps": (lambda q: {"entries": q.entries(), "capacity": q.capacity()}, timesheet_gaps),
    "worked_value": (lambda q: {"own": q.own_entries()}, worked_value),
    "billed_hours": (lambda q: {"lines": q.lines()}, billed_hours),
    "realization": (lambda q: {"lines": q.lines()}, realization),
    "work_date_funnel": (
        lambda q: {
            "entries": q.entries(),
            "own": q.own_entries(),
            "billed": q.work_billed(),
            "collected": q.work_collected(),
        },
        funnel,
    ),
    "reductions": (lambda q: {"lines": q.lines()}, reductions),
    "write_offs": (
        lambda q: {"money": q.money(), "on_bills": q.money_on_bills(), "lines": q.lines()},
        write_offs,
    ),
    "credits": (lambda q: {"money": q.money()}, credits),
    "bills_issued": (lambda q: {"lines": q.lines(), "on_bills": q.money_on_bills()}, bills_issued),
    "days_to_bill": (lambda q: {"lines": q.lines()}, days_to_bill),
    "cash_to_billings": (lambda q: {"money": q.money("payment"), "lines": q.lines()}, cash_to_billings),
    "overall_realization": (
        lambda q: {"own": q.own_entries(), "collected": q.work_collected()},
        overall_realization,
    ),
    "effective_rate": (lambda q: {"lines": q.lines(), "on_bills": q.money_on_bills()}, effective_rate),
    "matter_rate": (
        lambda q: {"entries": q.entries_on_matters_to_date(), "fees": q.fees_on_matters_to_date()},
        matter_rate,
    ),
    "days_to_pay": (lambda q: {"money": q.money("payment"), "paid_up": q.paid_up()}, days_to_pay),
    "payments": (lambda q: {"money": q.money("payment")}, payments),
}
