"""Trust money movement by movement, and budgets entry by entry."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reports.recompute.answers import Declared, Facts, Items, Question, amount, over, percent, rounded
from tests.reports.recompute.bills import currency_of, day, work_class
from tests.reports.recompute.cents import cents
from tests.reports.recompute.facts import Fact, told
from tests.reports.recompute.matters import closed, matter_facts, opened, sees_matter
from tests.reports.recompute.overview import a_year_before
from tests.reports.recompute.standing import owed_facts, the_day, unbilled_facts
from tests.reports.recompute.viewer import ref

Amounts = dict[int | None, int]


def moves(question: Question) -> list[Fact]:
    """Return the movements on trust accounts up to the day; each thing is (day, amount, record)."""
    books, found = question.books, []
    accounts = {each["id"]: each for each in books.records["bank_accounts"]}
    for record in books.records["bank_transactions"]:
        at, account = day(record["date"]), accounts[ref(record, "bank_account") or 0]
        code = record.get("currency") or account.get("currency") or books.currency
        matter, client = books.matter(record), ref(record, "client")
        if account["type"] != "Trust" or at is None or at > the_day(question) or code != question.code:
            continue
        seen = {**(matter or {}), "client": (matter or {}).get("client") or (client and {"id": client})}
        if sees_matter(question.viewer, seen):
            moved = cents(record["funds_in"] or 0, code) - cents(record["funds_out"] or 0, code)
            found.append(Fact(None, ref(record, "matter"), client, thing=(at, moved, record)))
    return found


def by_matter(facts: Iterable[tuple[Fact, int]]) -> Amounts:
    sums: dict[int | None, int] = defaultdict(int)
    for fact, cost in facts:
        sums[fact.matter] += cost
    return sums


def trust_balance(facts: Facts, question: Question) -> Items:
    held = by_matter((fact, fact.thing[1]) for fact in facts["moves"])
    without = held.pop(None, 0)
    return {
        "total": amount(sum(held.values()) + without, question.code),
        "of_matters": amount(sum(held.values()), question.code),
        "of_clients": amount(without, question.code),
    }


def trust_movements(facts: Facts, question: Question) -> Items:
    moved = [fact.thing[1] for fact in facts["moves"] if fact.thing[0] >= question.first]
    return {
        "net": amount(sum(moved), question.code),
        "funds_in": amount(sum(each for each in moved if each > 0), question.code),
        "funds_out": amount(-sum(each for each in moved if each < 0), question.code),
    }


def on_matters(question: Question, facts: list[Fact]) -> list[Fact]:
    """Return what lies on matters, under the matter's own client and as far as that lets it be seen."""
    found, viewer = [], question.viewer
    for fact in facts:
        matter = question.books.matters.get(fact.matter or 0)
        is_move = isinstance(fact.thing[0], date)
        if matter and (sees_matter(viewer, matter) if is_move else viewer.sees(fact.person, matter)):
            found.append(Fact(fact.person, fact.matter, thing=fact.thing))
    return found


def sides(facts: Facts) -> tuple[Amounts, Amounts, Amounts]:
    """Return what is held, unbilled and owed by matter."""
    held = by_matter((fact, fact.thing[1]) for fact in facts["own_moves"])
    work = [fact for fact in facts["unbilled"] if fact.thing[0] != "contingency_fees"]
    unbilled = by_matter((fact, fact.thing[1] or 0) for fact in work)
    owed = by_matter((fact, sum(fact.thing[:3])) for fact in facts["own_owed"])
    return held, unbilled, owed


def trust_exposure(facts: Facts, question: Question) -> Items:
    held, unbilled, owed = sides(facts)
    has = sum(fact.thing[1] for fact in facts["moves"])
    owing = sum(sum(fact.thing[:3]) for fact in facts["owed"])
    exposed = {
        matter: unbilled.get(matter, 0) + owed.get(matter, 0) - held.get(matter, 0)
        for matter in held.keys() | unbilled.keys() | owed.keys()
    }
    return {
        "net": amount(sum(unbilled.values()) + owing - has, question.code),
        "unfunded": amount(sum(max(each, 0) for at, each in exposed.items() if at is not None), question.code),
    }


def minimum_facts(question: Question) -> list[Fact]:
    """Return the matters with a minimum; each thing is (minimum, matter)."""
    found = []
    for fact in matter_facts(question):
        minimum = (fact.thing.get("evergreen_retainer") or {}).get("minimum_threshold")
        began, code = opened(question.books, fact.thing), currency_of(fact.thing, question.books.currency)
        if minimum is not None and began is not None and began <= the_day(question) and code == question.code:
            found.append(Fact(None, fact.matter, thing=(cents(minimum, code), fact.thing)))
    return found


def trust_minimum(facts: Facts, question: Question) -> Items:
    held, unbilled, owed = sides(facts)
    rows = [(fact.thing[0], held.get(fact.matter, 0), fact.matter) for fact in facts["minimums"]]
    later = [low - (has - owed.get(at, 0) - unbilled.get(at, 0)) for low, has, at in rows]
    sums = {
        "shortfall": sum(max(low - has, 0) for low, has, _ in rows),
        "shortfall_after_billing": sum(max(each, 0) for each in later),
        "minimum": sum(low for low, _, _ in rows),
        "held": sum(has for _, has, _ in rows),
    }
    return {
        **{name: amount(each, question.code) for name, each in sums.items()},
        "matters_below": rounded(sum(has < low for low, has, _ in rows), 0),
        "available": amount(sum(fact.thing[1] for fact in facts["moves"] if fact.matter is None), question.code),
    }


def lowest_balances(question: Question, facts: list[Fact], owner: str) -> list[int]:
    """Return the lowest end-of-day balance of every ledger that was below zero on a day of the period."""
    ledgers: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for fact in facts:
        client = ref(question.books.matters.get(fact.matter or 0), "client") or fact.payer
        whose = fact.matter if owner == "matter" else client
        if whose is not None:
            ledgers[whose].append(fact.thing[:2])
    found = []
    for moved in ledgers.values():
        lowest, at = 0, question.first
        while at <= the_day(question):
            lowest = min(lowest, sum(cost for on, cost in moved if on <= at))
            at += timedelta(days=1)
        found += [lowest] if lowest < 0 else []
    return found


def request_facts(question: Question) -> list[Fact]:
    """Return the trust requests that were not wholly paid on the day; each thing is (open, days since issue)."""
    on, books, found = the_day(question), question.books, []
    memos = {memo["id"]: memo for memo in books.records["credit_memos"]}
    for bill in books.records["bills"]:
        issued, code = day(bill["issued_at"]), currency_of(bill, books.currency)
        if bill["kind"] != "trust_kind" or bill["state"] not in ("awaiting_payment", "paid") or issued is None:
            continue
        paid: list[tuple[date, int]] = []
        for each in books.records["allocations"]:
            parent = each.get("parent") or {}
            memo = memos.get(parent.get("id"), {}) if parent.get("type") == "CreditMemo" else {}
            if ref(each, "bill") == bill["id"] and each["voided_at"] is None and memo.get("voided_at") is None:
                paid.append((date.fromisoformat(each["date"]), cents(each["amount"], code)))
        asked = cents(bill["due"] or 0, code)
        if bill.get("balance") is not None:
            told = cents(bill["balance"], code)
            stamp = bill.get("paid_at")
            at = datetime.fromisoformat(stamp).astimezone(books.zone).date() if stamp else issued
            paid.append((at, asked - told - sum(amount for _, amount in paid)))
        is_open = asked - sum(amount for at, amount in paid if max(at, issued) <= on)
        matters = bill.get("matters") or []
        matter = books.matters.get(matters[0]["id"]) if len(matters) == 1 else None
        payer = ref(bill, "client")
        seen = {**(matter or {}), "client": (matter or {}).get("client") or (payer and {"id": payer})}
        if code == question.code and issued <= on and is_open > 0 and sees_matter(question.viewer, seen):
            at_matter = matters[0]["id"] if len(matters) == 1 else None
            found.append(Fact(None, at_matter, payer, bill["id"], thing=(is_open, (on - issued).days)))
    return found


def trust_risk(facts: Facts, question: Question) -> Items:
    on, books = the_day(question), question.books
    matters = lowest_balances(question, facts["moves"], "matter")
    clients = lowest_balances(question, facts["moves"], "client")
    _, _, owed = sides(facts)
    held = by_matter((fact, fact.thing[1]) for fact in facts["moves"])
    own = by_matter((fact, fact.thing[1]) for fact in facts["own_moves"])
    ledgers: dict[tuple[int | None, int | None], list[tuple[date, int]]] = defaultdict(list)
    for fact in facts["moves"]:
        client = ref(books.matters.get(fact.matter or 0), "client")
        ledgers[fact.matter, None if client else fact.payer].append(fact.thing[:2])
    requests = [fact.thing for fact in facts["requests"]]
    asked = sum(cost for cost, _ in requests)
    year_ago = a_year_before(on)
    resting = [sum(cost for _, cost in each) for each in ledgers.values() if max(at for at, _ in each) <= year_ago]
    gone = [at for at in held if (ended := closed(books.matters.get(at or 0) or {})) is not None and ended <= on]
    undated = [
        at
        for at in held
        if (books.matters.get(at or 0) or {}).get("status") == "Closed" and not books.matters[at or 0]["close_date"]
    ]
    return {
        "matters_below_zero": rounded(len(matters), 0),
        "clients_below_zero": rounded(len(clients), 0),
        "lowest": amount(min(matters + clients), question.code) if matters + clients else None,
        "on_closed_matters": amount(sum(held[at] for at in gone + undated), question.code),
        "resting": amount(sum(resting), question.code),
        "requests_unpaid": rounded(len(facts["requests"]), 0),
        "requested_unpaid": amount(asked, question.code),
        "requested_age": rounded(over(sum(cost * age for cost, age in requests), asked), 1),
        "requested_oldest": rounded(max((age for _, age in requests), default=None), 1),
        "owed_while_held": amount(
            sum(min(owed[at], own[at]) for at in own.keys() & owed.keys() if min(owed[at], own[at]) > 0),
            question.code,
        ),
    }


def budgets_of(question: Question, matter: dict[str, Any]) -> list[tuple[date | None, Decimal | None]]:
    """Return a matter's budgets and from when on each was one; the last is today's."""
    present = (matter.get("matter_budget") or {}).get("budget")
    known = told(question.books, matter["id"], "matter_budget_budget")
    return [(on, None if text is None else Decimal(text)) for on, text in known] or [(None, present)]


def budget_on(question: Question, matter: dict[str, Any]) -> Any:
    on = the_day(question)
    return [value for since, value in budgets_of(question, matter) if since is None or since <= on][-1]


def budget_facts(question: Question) -> list[Fact]:
    """Return the matters with a budget opened by the day; each thing is (budget, matter)."""
    found = []
    for fact in matter_facts(question):
        budget = budget_on(question, fact.thing)
        code = currency_of(fact.thing, question.books.currency)
        began = opened(question.books, fact.thing)
        if budget is not None and code == question.code and began is not None and began <= the_day(question):
            found.append(Fact(None, fact.matter, thing=(cents(budget, code), fact.thing)))
    return found


def budget_work(question: Question) -> list[Fact]:
    """Return billable work up to the day on matters that ever had a budget: (day, value, has one on the day)."""
    books, found = question.books, []
    for entry in books.records["activities"]:
        at, matter = day(entry["date"]), books.matter(entry)
        budget = (matter or {}).get("matter_budget") or {}
        if matter is None or at is None or at > the_day(question):
            continue
        if all(value is None for _, value in budgets_of(question, matter)):
            continue
        code = books.currency_of_work(entry)
        counts = entry["type"] == "TimeEntry" or budget.get("include_expenses")
        same = code == question.code == currency_of(matter, books.currency)
        if counts and same and work_class(entry, books.matters) == "billable" and sees_matter(question.viewer, matter):
            worth = 0 if entry["total"] is None else cents(entry["total"], code)
            found.append(Fact(None, matter["id"], thing=(at, worth, budget_on(question, matter) is not None)))
    return found


def matter_budget(facts: Facts, question: Question) -> Items:
    on, code = the_day(question), question.code
    budget = sum(fact.thing[0] for fact in facts["budgets"])
    used = sum(fact.thing[1] for fact in facts["work"] if fact.thing[2])
    end = on - timedelta(days=(on.isoweekday()) % 7)
    burnt = sum(fact.thing[1] for fact in facts["work"] if end - timedelta(days=27) <= fact.thing[0] <= end)
    return {
        "percent": percent(used, budget),
        "budget": amount(budget, code),
        "used": amount(used, code),
        "left": amount(budget - used, code),
        "burn": amount(over(burnt, 4), code),
        "weeks_left": rounded(over((budget - used) * 4, burnt), 1),
        **budget_alerts(facts),
    }


def budget_alerts(facts: Facts) -> Items:
    watched = reached = 0
    for fact in facts["budgets"]:
        threshold = (fact.thing[1].get("matter_budget") or {}).get("notification_threshold")
        if threshold is not None and fact.thing[0] > 0:
            used = sum(work.thing[1] for work in facts["work"] if work.thing[2] and work.matter == fact.matter)
            watched += 1
            reached += Fraction(used, fact.thing[0]) >= Fraction(threshold, 100)
    return {"alerts_reached": rounded(reached, 0), "alerts_set": rounded(watched, 0)}


def _sides(question: Question) -> Facts:
    moved, owed = moves(question), owed_facts(question)
    return {
        "moves": moved,
        "owed": owed,
        "unbilled": unbilled_facts(question),
        "own_moves": on_matters(question, moved),
        "own_owed": on_matters(question, owed),
    }


TRUST: dict[str, Declared] = {
    "trust_balance": (lambda q: {"moves": moves(q)}, trust_balance),
    "trust_movements": (lambda q: {"moves": moves(q)}, trust_movements),
    "trust_exposure": (_sides, trust_exposure),
    "trust_minimum": (lambda q: {**_sides(q), "minimums": minimum_facts(q)}, trust_minimum),
    "trust_risk": (lambda q: {**_sides(q), "requests": request_facts(q)}, trust_risk),
    "matter_budget": (lambda q: {"budgets": budget_facts(q), "work": budget_work(q)}, matter_budget),
}
