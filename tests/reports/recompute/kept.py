"""What stands on a firm's own tables: cost and profit, credit and the split of fees, record by record."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from tests.reports.recompute.answers import (
    EARLY,
    Declared,
    Facts,
    Items,
    Question,
    amount,
    over,
    percent,
    rounded,
)
from tests.reports.recompute.bills import day
from tests.reports.recompute.clients import expense_facts
from tests.reports.recompute.facts import Fact, lines, money
from tests.reports.recompute.matters import opened
from tests.reports.recompute.overview import Books, a_year_before
from tests.reports.recompute.plans import Plans, Tables
from tests.reports.recompute.viewer import Viewer, ref

Row = dict[str, Any]
SIX = Decimal("0.000001")


def in_force(rows: Iterable[Row], on: date, person: int | None = None) -> Row | None:
    """Return the row that holds on a day: the last one that began."""
    mine = [row for row in rows if person is None or row["timekeeper_id"] == person]
    began = [row for row in mine if date.fromisoformat(row["starts_on"]) <= on]
    return max(began, key=lambda row: row["starts_on"]) if began else None


def year_cost(row: Row) -> Decimal:
    return sum((Decimal(row.get(name) or 0) for name in ("pay", "benefits", "overhead")), Decimal(0))


def hourly(row: Row) -> Fraction:
    exact = Fraction(year_cost(row)) / Fraction(Decimal(row["expected_hours"]))
    return Fraction((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(SIX, ROUND_HALF_UP))


def credited(question: Question, tables: Tables, role: str, matter: int | None, on: date) -> list[tuple[Any, Fraction]]:
    """Return who is credited with a matter on a day, and with what part; None is nobody."""
    record = question.books.matters.get(matter or 0)
    if record is None:
        return [(None, Fraction(1))]

    def holding(column: str, value: Any) -> list[Row]:
        return [
            row
            for row in tables.credit_splits
            if row["role"] == role and row.get(column) is not None and row.get(column) == value
            if date.fromisoformat(row["starts_on"]) <= on
            if not row.get("ends_on") or on <= date.fromisoformat(row["ends_on"])
        ]

    rows = holding("matter_id", matter) or holding("client_id", ref(record, "client"))
    if rows:
        return [
            (
                None if row.get("sunset_on") and date.fromisoformat(row["sunset_on"]) < on else row["timekeeper_id"],
                Fraction(Decimal(row["percent"])) / 100,
            )
            for row in rows
        ]
    name = "originating_attorney" if role == "originating" else "responsible_attorney"
    return [(ref(record, name), Fraction(1))]


class KeptBooks:
    """Gathers the facts of one firm with what it keeps."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def own_currency(self, question: Question) -> bool:
        return question.code == question.books.currency

    def costed(self, question: Question) -> list[Fact]:
        """Return (seconds, cost in minor units) of every entry, in the firm's currency."""
        found = []
        for fact in question.entries() if self.own_currency(question) else []:
            entry = fact.thing
            row = in_force(self.tables.cost_rates, entry.on, fact.person) if fact.person is not None else None
            cost: Fraction | None = None
            if entry.agreed:
                cost = Fraction(0)
            elif row is not None and entry.seconds is not None:
                cost = hourly(row) * 100 * entry.seconds / 3600
            found.append(Fact(fact.person, fact.matter, thing=(entry.seconds, cost)))
        return found

    def paid_days(self, question: Question) -> list[Fact]:
        """Return what every person costs on every day of theirs."""
        found = []
        last = min(question.last, question.today)
        for user in question.books.records["users"] if self.own_currency(question) else []:
            if not question.viewer.sees(user["id"], None):
                continue
            on = question.first
            while on <= last:
                row = in_force(self.tables.cost_rates, on, user["id"])
                if row is not None and is_employed(question.books, user, on, question.today):
                    days = (date(on.year + 1, 1, 1) - date(on.year, 1, 1)).days
                    found.append(Fact(user["id"], None, thing=Fraction(year_cost(row)) * 100 / days))
                on += timedelta(days=1)
        return found

    def shared(self, question: Question) -> list[Fact]:
        """Return (part, amount) of the fees that came in, under whose they are."""
        found = []
        for piece in collected_fees(question, Viewer()):
            row = in_force(self.tables.fee_splits, piece.thing.day) or {}
            rest = Fraction(1)
            whose: list[tuple[str, Any, Fraction]] = [("worked", piece.person, share_of(row, "worked"))]
            for role in ("originating", "responsible"):
                for person, part in credited(question, self.tables, role, piece.matter, piece.thing.day):
                    whose.append((role, person, share_of(row, role) * part))
            rest -= sum((share_of(row, name) for name in ("worked", "originating", "responsible")), Fraction(0))
            whose.append(("firm", None, rest))
            found += [
                replace(piece, person=person, thing=("firm" if person is None else name, net_of(piece) * part))
                for name, person, part in whose
                if part
            ]
        return [fact for fact in found if sees(question, fact)]

    def credits(self, question: Question) -> list[Fact]:
        return self._credited(question, collected_fees(question, Viewer()), lambda fact: fact.thing.day, net_of)

    def credits_billed(self, question: Question) -> list[Fact]:
        last = min(question.last, question.today)
        found = lines(question.books, question.code, question.first, last, Viewer())
        fees = [fact for fact in found if fact.item == "fee"]
        return self._credited(question, fees, lambda fact: fact.thing[0].issued, lambda fact: fact.thing[1].net)

    def credits_opened(self, question: Question) -> list[Fact]:
        found = []
        for matter in question.books.records["matters"]:
            on = opened(question.books, matter)
            if on is not None and question.first <= on <= min(question.last, question.today):
                found.append(Fact(None, matter["id"], thing=on))
        return self._credited(question, found, lambda fact: fact.thing, lambda _: 1)

    def _credited(self, question: Question, found: list[Fact], on: Any, worth: Any) -> list[Fact]:
        """Return (role, amount) of facts under everybody credited."""
        mine = []
        for fact in found:
            for role in ("originating", "responsible"):
                for person, part in credited(question, self.tables, role, fact.matter, on(fact)):
                    mine.append(replace(fact, person=person, thing=(role, worth(fact) * part)))
        return [fact for fact in mine if sees(question, fact)]

    def ranked(self, question: Question) -> list[Fact]:
        """Return (seconds, whether its person was a partner on the day) of every entry, in whatever currency."""
        return [
            replace(fact, thing=(fact.thing.seconds or Fraction(0), self.is_partner(fact.person, fact.thing.on)))
            for fact in question.entries()
        ]

    def is_partner(self, person: int | None, on: date) -> bool:
        told = [(since, is_one) for who, since, is_one in self.tables.partners if who == person and since <= on]
        return max(told)[1] if told else False


def sees(question: Question, fact: Fact) -> bool:
    return question.viewer.sees(fact.person, question.books.matters.get(fact.matter or 0), fact.payer)


def share_of(row: Row, name: str) -> Fraction:
    return Fraction(Decimal(row.get(name) or 0)) / 100


def net_of(piece: Fact) -> Fraction:
    return Fraction(piece.thing.amounts[0])


def collected_fees(question: Question, viewer: Viewer) -> list[Fact]:
    last = min(question.last, question.today)
    return [
        fact
        for fact in money(question.books, question.code, viewer)
        if fact.thing.kind == "payment" and fact.item == "fee" and question.first <= fact.thing.day <= last
    ]


def is_employed(books: Books, user: Row, on: date, now: date) -> bool:
    """Tell whether a person could have worked on a day, be it a Sunday."""
    if user.get("clio_connect"):
        return False
    dates = [day(each["date"]) for each in books.time if ref(each, "user") == user["id"]]
    entries = sorted(each for each in dates if each is not None and each <= now)
    created = user["created_at"] and datetime.fromisoformat(user["created_at"]).astimezone(books.zone).date()
    if on < min([created or date.max, *entries[:1]]):
        return False
    if user.get("enabled") is False:
        end = entries[-1] if entries else date.min
        seen = datetime.fromisoformat(user["disabled_seen_at"]) if user.get("disabled_seen_at") else None
        if seen and books.first_synced and seen > books.first_synced:
            end = seen.astimezone(books.zone).date()
        if on > end:
            return False
    return user.get("subscription_type") != "NonAttorney" or any(a_year_before(on) < at <= on for at in entries)


def figures_of_profit(facts: Facts, question: Question) -> Items:
    def on_matters(name: str) -> list[Fact]:
        return [fact for fact in facts[name] if fact.matter is not None]

    cost = sum((fact.thing[1] or 0 for fact in on_matters("costed")), Fraction(0))
    seconds: Fraction = sum((fact.thing[0] or Fraction(0) for fact in on_matters("costed")), Fraction(0))
    hours = seconds / 3600
    spent = sum(fact.thing[1] or 0 for fact in on_matters("spent"))
    absorbed = sum(fact.thing[1] or 0 for fact in on_matters("spent") if fact.thing[0] != "billable")
    got = {item: sum(f.thing.amounts[0] for f in on_matters("money") if f.item == item) for item in ("fee", "expense")}
    charged = {item: sum(f.thing[1].net for f in on_matters("lines") if f.item == item) for item in ("fee", "expense")}
    worked = sum(fact.thing.value or 0 for fact in on_matters("worked"))
    bases = {
        "collected": (got["fee"], spent - got["expense"]),
        "billed": (charged["fee"], spent - charged["expense"]),
        "worked": (worked, absorbed),
    }
    items: Items = {}
    for name, (revenue, unrecovered) in bases.items():
        profit = revenue - cost - unrecovered
        items |= {
            name: amount(revenue, question.code),
            f"{name}_unrecovered": amount(unrecovered, question.code),
            f"{name}_profit": amount(profit, question.code),
            f"{name}_margin": percent(profit, revenue),
            f"{name}_per_hour": amount(over(profit, hours), question.code),
        }
    uncosted = sum(fact.thing[1] is None for fact in on_matters("costed"))
    return items | {
        "cost": amount(cost, question.code),
        "hours": rounded(hours, 2),
        "uncosted_entries": Decimal(uncosted),
    }


def figures_of_cost(facts: Facts, question: Question) -> Items:
    known = [fact.thing for fact in facts["costed"] if fact.thing[1] is not None]
    cost: Fraction = sum((each[1] for each in known), Fraction(0))
    paid = sum((fact.thing for fact in facts["paid"]), Fraction(0))
    return {
        "rate": amount(over(cost, sum((each[0] for each in known), Fraction(0)) / 3600), question.code),
        "cost": amount(paid, question.code),
        "absorbed": amount(cost, question.code),
        "unabsorbed": amount(paid - cost, question.code),
        "uncosted_entries": Decimal(len(facts["costed"]) - len(known)),
    }


def kept_metrics(tables: Tables) -> dict[str, Declared]:
    """Return the metrics that stand on these tables."""
    kept, plans = KeptBooks(tables), Plans(tables)

    def profit_facts(question: Question) -> Facts:
        return {
            "costed": kept.costed(question),
            "spent": expense_facts(question),
            "money": question.money("payment"),
            "lines": question.lines(),
            "worked": question.own_entries(),
        }

    def contribution(facts: Facts, question: Question) -> Items:
        seconds: Fraction = sum((fact.thing[0] or Fraction(0) for fact in facts["costed"]), Fraction(0))
        cost = sum((fact.thing[1] or 0 for fact in facts["costed"]), Fraction(0))
        fees = sum(fact.thing.amounts[0] for fact in facts["money"] if fact.item == "fee")
        ranked = {True: Fraction(0), False: Fraction(0)}
        for fact in facts["ranked"]:
            ranked[fact.thing[1]] += fact.thing[0]
        return {
            "contribution": amount(fees - cost, question.code),
            "collected": amount(fees, question.code),
            "cost": amount(cost, question.code),
            "hours": rounded(seconds / 3600, 2),
            "leverage": percent(ranked[False], ranked[True]),
            "uncosted_entries": Decimal(sum(fact.thing[1] is None for fact in facts["costed"])),
        }

    def credit(facts: Facts, question: Question) -> Items:
        def sum_of(name: str, role: str) -> Decimal | None:
            shares = (Fraction(fact.thing[1]) for fact in facts[name] if fact.thing[0] == role)
            credited: Decimal = amount(sum(shares, Fraction(0)), question.code)
            return credited

        fees = sum(fact.thing.amounts[0] for fact in facts["money"] if fact.item == "fee")
        roles = ("originating", "responsible")
        return {
            **{role: sum_of("credits", role) for role in roles},
            "produced": amount(fees, question.code),
            **{f"{role}_billed": sum_of("billed", role) for role in roles},
            **{
                f"{role}_matters": Decimal(len({f.matter for f in facts["opened"] if f.thing[0] == role}))
                for role in roles
            },
        }

    def fee_split(facts: Facts, question: Question) -> Items:
        sums = {
            part: sum((f.thing[1] for f in facts["shared"] if f.thing[0] == part), Fraction(0))
            for part in ("worked", "originating", "responsible", "firm")
        }
        return {
            "total": amount(sums["worked"] + sums["originating"] + sums["responsible"], question.code),
            **{part: amount(each, question.code) for part, each in sums.items()},
        }

    return {
        "cost_rates": (lambda q: {"costed": kept.costed(q), "paid": kept.paid_days(q)}, figures_of_cost),
        "matter_profit": (lambda q: profit_facts(replace(q, first=EARLY)), figures_of_profit),
        "matter_profit_of_period": (profit_facts, figures_of_profit),
        "contribution": (
            lambda q: {"costed": kept.costed(q), "money": q.money("payment"), "ranked": kept.ranked(q)},
            contribution,
        ),
        "credit": (
            lambda q: {
                "credits": kept.credits(q),
                "money": q.money("payment"),
                "billed": kept.credits_billed(q),
                "opened": kept.credits_opened(q),
            },
            credit,
        ),
        "fee_split": (lambda q: {"shared": kept.shared(q)}, fee_split),
        "target_attainment": (
            lambda q: {"entries": q.entries(), "targets": plans.hours(q)},
            plans.attainment,
        ),
    }
