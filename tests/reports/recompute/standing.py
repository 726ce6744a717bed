"""What stands on a day, figure by figure: work unbilled, money owed, and how long business takes to bring as much."""

from datetime import date, timedelta
from fractions import Fraction

from tests.reports.recompute.answers import ON_LINES, Declared, Facts, Items, Question, over, rounded
from tests.reports.recompute.bills import day, is_approved, work_class
from tests.reports.recompute.cents import cents
from tests.reports.recompute.facts import Fact, lines, money
from tests.reports.recompute.overview import Books
from tests.reports.recompute.viewer import ref


def the_day(question: Question) -> date:
    return min(question.last, question.today)


def unbilled_facts(question: Question) -> list[Fact]:
    """Return billable entries on no approved bill; each thing is (what it is, value, entry)."""
    on, found = the_day(question), []
    books = question.books
    for entry in books.records["activities"]:
        at, matter = day(entry["date"]), books.matter(entry)
        if at is None or at > on or matter is None or work_class(entry, books.matters) != "billable":
            continue
        bills = books.bills_of(entry)
        issued = [day(bill["issued_at"]) for bill in bills if is_approved(bill)]
        if any(issued_on is not None and issued_on <= on for issued_on in issued):
            continue
        code = books.currency_of_work(entry)
        is_fee = bool(entry["type"] == "TimeEntry" and entry.get("contingency_fee"))
        is_invested = entry["type"] == "TimeEntry" and matter.get("billing_method") == "contingency" and not is_fee
        if code != question.code or is_invested or not question.viewer.sees(ref(entry, "user"), matter):
            continue
        what = "contingency_fees" if is_fee else "fees" if entry["type"] == "TimeEntry" else "expenses"
        value = None if entry["total"] is None else cents(entry["total"], code)
        found.append(Fact(ref(entry, "user"), matter["id"], thing=(what, value, entry)))
    return found


def owed_facts(question: Question) -> list[Fact]:
    """Return the parts of bills that owe something; each thing is (net, tax, interest, bill)."""
    return parts_of_bills(question, sign=1)


def parts_of_bills(question: Question, sign: int) -> list[Fact]:
    """Return the same, or with -1 the parts of bills that are overpaid."""
    on, found = the_day(question), []
    for bill in question.books.bills:
        if bill.currency != question.code or bill.issued is None or bill.issued > on:
            continue
        payer = ref(bill.record, "client")
        parts = [
            Fact(
                line.person,
                line.matter,
                payer,
                bill.id,
                item=line.kind,
                thing=(line.owed[0], sum(line.owed[1:]), 0, bill),
            )
            for line in bill.lines
        ]
        parts += [
            Fact(None, matter, payer, bill.id, item="interest", thing=(0, 0, cost, bill))
            for at, matter, cost in bill.charges
            if at <= on
        ]
        for piece in question.books.settled:
            if piece.bill is bill and piece.day <= on:
                net, tax = piece.amounts[0], sum(piece.amounts[1:])
                split = (0, 0, -net, bill) if piece.item == "interest" else (-net, -tax, 0, bill)
                parts.append(Fact(piece.person, piece.matter, payer, bill.id, item=piece.item, thing=split))
        if sum(sum(part.thing[:3]) for part in parts) * sign > 0:
            found += [
                x for x in parts if question.viewer.sees(x.person, question.books.matters.get(x.matter or 0), payer)
            ]
    return found


def days_known(books: Books, on: date) -> int:
    """Return how many of the 365 days up to a day lie after the firm's first entry or bill."""
    dates = [day(entry["date"]) for entry in books.records["activities"]]
    dates += [bill.issued for bill in books.bills]
    known = [at for at in dates if at is not None]
    return min(365, (on - min(known)).days + 1) if known else 0


def year_of_bills(question: Question) -> list[Fact]:
    on = the_day(question)
    return lines(question.books, question.code, on - timedelta(days=364), on, question.viewer)


def came_in(question: Question, first: date, last: date) -> list[Fact]:
    found = money(question.books, question.code, question.viewer)
    return [x for x in found if x.thing.kind == "payment" and x.item in ON_LINES and first <= x.thing.day <= last]


def year_of_money(question: Question) -> list[Fact]:
    on = the_day(question)
    return came_in(question, on - timedelta(days=364), on)


def fiscal_year_of_money(question: Question) -> list[Fact]:
    """Return what came in in the fiscal year, here the calendar's, before the day's own."""
    before = the_day(question).year - 1
    return came_in(question, date(before, 1, 1), date(before, 12, 31))


def days_of_receivables(facts: Facts, question: Question) -> Items:
    known = days_known(question.books, the_day(question))
    owed = sum(fact.thing[0] + fact.thing[1] for fact in facts["owed"])
    billed = sum(fact.thing[1].net + sum(fact.thing[1].taxes) for fact in facts["billed"])
    return {"days": rounded(over(owed * known, billed), 1) if known >= 90 else None}


def lockup(facts: Facts, question: Question) -> Items:
    known = days_known(question.books, the_day(question))
    work = sum(fact.thing[1] or 0 for fact in facts["unbilled"] if fact.thing[0] != "contingency_fees")
    owed = sum(fact.thing[0] for fact in facts["owed"])
    year = sum(fact.thing.amounts[0] for fact in facts["year"])
    before = sum(fact.thing.amounts[0] for fact in facts["fiscal_year"])

    def days(top: int) -> Fraction | None:
        return over(top * known, year) if known >= 90 else None

    return {
        "total": rounded(days(work + owed), 1),
        "unbilled": rounded(days(work), 1),
        "receivable": rounded(days(owed), 1),
        "clio_total": rounded(over((work + owed) * 365, before), 1),
        "clio_unbilled": rounded(over(work * 365, before), 1),
        "clio_receivable": rounded(over(owed * 365, before), 1),
    }


STANDING: dict[str, Declared] = {
    "days_of_receivables": (
        lambda q: {"owed": owed_facts(q), "billed": year_of_bills(q)},
        days_of_receivables,
    ),
    "lockup": (
        lambda q: {
            "unbilled": unbilled_facts(q),
            "owed": owed_facts(q),
            "year": year_of_money(q),
            "fiscal_year": fiscal_year_of_money(q),
        },
        lockup,
    ),
}
