"""Clients by their matters and their money, and expenses entry by entry."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.reports.recompute.answers import (
    EARLY,
    ON_LINES,
    Declared,
    Facts,
    Items,
    Question,
    amount,
    net_of,
    over,
    percent,
    rounded,
)
from tests.reports.recompute.bills import day, work_class
from tests.reports.recompute.cents import cents
from tests.reports.recompute.facts import Fact, Key, key_of, lines, money
from tests.reports.recompute.matters import is_open, matter_facts, open_facts, opened, opened_facts
from tests.reports.recompute.overview import a_year_before
from tests.reports.recompute.standing import came_in, owed_facts, the_day, unbilled_facts
from tests.reports.recompute.viewer import ref

DAY = timedelta(days=1)


def twelve_months(on: date) -> tuple[date, date]:
    return a_year_before(on) + DAY, on


def client_of(question: Question, fact: Fact) -> Key:
    return key_of(question.books, fact, "client")


def ever_opened(question: Question) -> list[Fact]:
    on = the_day(question)
    found = [(fact, opened(question.books, fact.thing)) for fact in matter_facts(question)]
    return [fact for fact, at in found if at is not None and at <= on]


def bills_of_year(question: Question) -> list[Fact]:
    return lines(question.books, question.code, *twelve_months(the_day(question)), question.viewer)


def paid_of_bills_of_year(question: Question) -> list[Fact]:
    first, last = twelve_months(the_day(question))
    found = money(question.books, question.code, question.viewer)
    paid = [x for x in found if x.thing.kind == "payment" and x.item in ON_LINES and x.thing.day <= question.today]
    return [x for x in paid if x.thing.bill and x.thing.bill.issued and first <= x.thing.bill.issued <= last]


def payments_of_year(question: Question) -> list[Fact]:
    first, last = twelve_months(the_day(question))
    found = money(question.books, question.code, question.viewer)
    return [x for x in found if x.thing.kind == "payment" and first <= x.thing.day <= last]


def client_value(facts: Facts, question: Question) -> Items:
    on, code = the_day(question), question.code
    ages = [(on - began).days for fact in facts["matters"] if (began := opened(question.books, fact.thing))]
    top = under = 0
    for fact in facts["payments"]:
        piece = fact.thing
        if fact.item not in ("interest", "credit") and piece.bill and piece.bill.issued:
            under += sum(piece.amounts)
            top += sum(piece.amounts) * max((piece.day - piece.bill.issued).days, 0)
    ever = net_of(facts["ever"], *ON_LINES)
    billed = sum(fact.thing[1].net for fact in facts["billed"] if fact.item in ON_LINES)
    late = 0
    for fact in facts["owed"]:
        record = fact.thing[3].record
        since = day(record["due_at"]) or day(record["issued_at"])
        late += sum(fact.thing[:3]) if since and (on - since).days > 90 else 0
    return {
        "collected_12_months": amount(net_of(facts["year"], *ON_LINES), code),
        "collected_lifetime": amount(ever, code),
        "tenure": rounded(max(ages), 1) if ages else None,
        "matters_open": rounded(sum(is_open(question.books, fact.thing, on) for fact in facts["matters"]), 0),
        "matters_opened": rounded(len(ages), 0),
        "lifetime_per_matter": amount(over(ever, len(ages)), code),
        "collection_rate": percent(net_of(facts["paid"], *ON_LINES), billed),
        "days_to_pay": rounded(over(top, under), 1),
        "owed_91_plus": amount(late, code),
    }


def shares(question: Question, name: str, amounts: Iterable[tuple[Fact, int]]) -> Items:
    by_client: dict[Key, int] = defaultdict(int)
    for fact, net in amounts:
        by_client[client_of(question, fact)] += net
    ordered = sorted((net for client, net in by_client.items() if client is not None and net > 0), reverse=True)
    whole = sum(ordered)
    squares = sum((Fraction(net, whole) ** 2 for net in ordered), Fraction(0))
    return {
        **{f"{name}_top_{places}": percent(sum(ordered[:places]), whole) for places in (1, 5, 10)},
        f"{name}_hhi": rounded(squares * 10_000, 0) if whole else None,
    }


def concentration(facts: Facts, question: Question) -> Items:
    return {
        **shares(question, "collected", [(fact, fact.thing.amounts[0]) for fact in facts["year"]]),
        **shares(question, "billed", [(fact, fact.thing[1].net) for fact in facts["billed"]]),
    }


def standing_by(question: Question, who: str) -> dict[Key, Items]:
    """Return by client, or by company, what share of all it brought and what the larger ones brought together."""
    brought: dict[Key, int] = defaultdict(int)
    for fact in came_in(question, *twelve_months(the_day(question))):
        brought[key_of(question.books, fact, who)] += fact.thing.amounts[0]
    above = sorted((-net, key) for key, net in brought.items() if isinstance(key, int) and net > 0)
    whole = -sum(net for net, _ in above)
    return {
        key: {"share": percent(-net, whole), "share_before": percent(-sum(n for n, _ in above[:place]), whole)}
        for place, (net, key) in enumerate(above)
    }


def all_bills(question: Question, first: date, last: date) -> list[Fact]:
    """Return lines of bills in any currency."""
    codes = {bill.currency for bill in question.books.bills}
    return [fact for code in sorted(codes) for fact in lines(question.books, code, first, last, question.viewer)]


def first_matters(question: Question) -> dict[Key, tuple[date, int]]:
    """Return when each client's first matter in scope was opened, and which it is."""
    found: dict[Key, tuple[date, int]] = {}
    for fact in matter_facts(question):
        began, client = opened(question.books, fact.thing), ref(fact.thing, "client")
        if began is not None and client is not None:
            found[client] = min(found.get(client, (began, fact.thing["id"])), (began, fact.thing["id"]))
    return found


def dormant_facts(question: Question) -> list[Fact]:
    """Return the matters of clients without an open one and without work and bills in 12 months."""
    on, books = the_day(question), question.books
    first, last = twelve_months(on)
    busy = {ref(fact.thing, "client") for fact in open_facts(question)}
    seen = {fact.matter: ref(fact.thing, "client") for fact in matter_facts(question)}
    for entry in books.records["activities"]:
        at = day(entry["date"])
        if at is not None and first <= at <= last:
            busy.add(seen.get(ref(entry, "matter") or 0))
    for bill in books.bills:
        for line in bill.lines:
            if bill.issued and first <= bill.issued <= last and (line.matter is None or seen.get(line.matter)):
                busy.add(ref(books.matters.get(line.matter or 0), "client") or ref(bill.record, "client"))
    return [fact for fact in ever_opened(question) if ref(fact.thing, "client") not in {*busy, None}]


def client_counts(facts: Facts, question: Question) -> Items:
    firsts = first_matters(question)
    new = [f for f in facts["opened"] if (client := ref(f.thing, "client")) and firsts[client][1] == f.thing["id"]]
    came = {client for fact in facts["opened"] if (client := ref(fact.thing, "client"))}
    before = {client_of(question, fact) for fact in facts["before"]} - {None}
    now = {client_of(question, fact) for fact in facts["now"]} - {None}
    return {
        "new": rounded(len(new), 0),
        "returning": rounded(len([client for client in came if firsts[client][0] < question.first]), 0),
        "dormant": rounded(len({ref(fact.thing, "client") for fact in facts["dormant"]}), 0),
        "retention": percent(len(before & now), len(before)),
        "billed_before": rounded(len(before), 0),
        "retained": rounded(len(before & now), 0),
    }


def expense_facts(question: Question) -> list[Fact]:
    """Return the expense entries of the period; each thing is (class, amount, record)."""
    found, books = [], question.books
    for entry in books.records["activities"]:
        at, matter = day(entry["date"]), books.matter(entry)
        if entry["type"] == "TimeEntry" or at is None or not question.first <= at <= the_day(question):
            continue
        code = books.currency_of_work(entry)
        kind = work_class(entry, books.matters)
        value = entry["total"] if kind == "billable" else entry["non_billable_total"]
        if code == question.code and question.viewer.sees(ref(entry, "user"), matter):
            worth = None if value is None else cents(value, code)
            found.append(Fact(ref(entry, "user"), ref(entry, "matter"), thing=(kind, worth, entry)))
    return found


def recovered_facts(question: Question) -> list[Fact]:
    """Return payments by today on lines of the period's own expense entries, under the entry's person and matter."""
    books, found = question.books, []
    entries = {each["id"]: each for each in books.records["activities"] if each["type"] != "TimeEntry"}
    for fact in money(books, question.code, type(question.viewer)()):
        piece, line = fact.thing, fact.thing.line
        entry = entries.get(line.activity["id"]) if line is not None and line.activity else None
        if entry is None or piece.kind != "payment" or fact.item != "expense" or piece.day > question.today:
            continue
        at, is_billable = day(entry["date"]), work_class(entry, books.matters) == "billable"
        known = (entry["total"] if is_billable else entry["non_billable_total"]) is not None
        is_due = at is not None and question.first <= at <= the_day(question)
        if known and is_due and question.viewer.sees(ref(entry, "user"), books.matter(entry)):
            found.append(Fact(ref(entry, "user"), ref(entry, "matter"), thing=(piece.amounts[0], entry)))
    return found


def expenses(facts: Facts, question: Question) -> Items:
    paid = [fact for fact in facts["money"] if fact.item == "expense"]
    incurred = sum(fact.thing[1] or 0 for fact in facts["entries"])
    back = sum(fact.thing[0] for fact in facts["recovered"])
    sums = {
        "incurred": incurred,
        "absorbed": sum(fact.thing[1] or 0 for fact in facts["entries"] if fact.thing[0] != "billable"),
        "billed": sum(fact.thing[1].net for fact in facts["lines"] if fact.item == "expense"),
        "collected": sum(fact.thing.amounts[0] for fact in paid if fact.thing.kind == "payment"),
        "unbilled": sum(fact.thing[1] or 0 for fact in facts["unbilled"] if fact.thing[0] == "expenses"),
        "written_off": sum(fact.thing.amounts[0] for fact in paid if fact.thing.kind == "write_off"),
        "recovered": back,
    }
    shown: dict[str, Decimal | None] = {name: amount(each, question.code) for name, each in sums.items()}
    return {**shown, "recovery": percent(back, incurred)}


CLIENTS: dict[str, Declared] = {
    "client_value": (
        lambda q: {
            "year": came_in(q, *twelve_months(the_day(q))),
            "ever": came_in(q, EARLY, the_day(q)),
            "matters": ever_opened(q),
            "billed": bills_of_year(q),
            "paid": paid_of_bills_of_year(q),
            "payments": payments_of_year(q),
            "owed": owed_facts(q),
        },
        client_value,
    ),
    "concentration": (
        lambda q: {"year": came_in(q, *twelve_months(the_day(q))), "billed": bills_of_year(q)},
        concentration,
    ),
    "clients": (
        lambda q: {
            "opened": opened_facts(q),
            "dormant": dormant_facts(q),
            "now": all_bills(q, *twelve_months(the_day(q))),
            "before": all_bills(q, *twelve_months(a_year_before(the_day(q)))),
        },
        client_counts,
    ),
    "expenses": (
        lambda q: {
            "entries": expense_facts(q),
            "lines": q.lines(),
            "money": q.money(),
            "unbilled": unbilled_facts(q),
            "recovered": recovered_facts(q),
        },
        expenses,
    ),
}
