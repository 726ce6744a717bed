"""Plans spread over working days: target hours and targets beside what was done, one day after the other."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reports.recompute.answers import Declared, Facts, Items, Question, amount, over, percent, rounded
from tests.reports.recompute.facts import Fact
from tests.reports.recompute.matters import opened, sees_matter
from tests.reports.recompute.viewer import Viewer, ref

Row = dict[str, Any]


@dataclass
class Tables:
    """The rows a firm keeps, as they are typed.

    partners: (person, from, or not any more); hours: (person, first month, hours a month).
    """

    cost_rates: list[Row]
    credit_splits: list[Row]
    fee_splits: list[Row]
    partners: list[tuple[int, date, bool]]
    targets: list[Row]
    hours: list[tuple[int, date, Decimal]]
    holidays: list[date]


class Plans:
    """Spreads targets over working days, one day after the other."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def works(self, on: date) -> bool:
        return on.weekday() < 5 and on not in self.tables.holidays

    def share(self, month: date, first: date, last: date) -> Fraction:
        """Return the part of a month's working days that lies between two days."""
        following = (month + timedelta(days=32)).replace(day=1)
        days = [
            month + timedelta(days=at) for at in range((following - month).days) if self.works(month + timedelta(at))
        ]
        return Fraction(sum(first <= on <= last for on in days), len(days))

    def left(self, question: Question) -> int:
        cut = min(question.last, question.today)
        return sum(self.works(cut + timedelta(days=at)) for at in range(1, (question.last - cut).days + 1))

    def hours(self, question: Question) -> list[Fact]:
        """Return (month, hours) of everybody in scope with a target."""
        found = []
        for person in {each for each, _, _ in self.tables.hours}:
            month = question.first.replace(day=1)
            while month <= question.last:
                held = [row for row in self.tables.hours if row[0] == person and row[1] <= month]
                hours = max(held, key=lambda row: row[1])[2] if held else Decimal(0)
                if hours and question.viewer.sees_capacity_of(person):
                    found.append(Fact(person, None, thing=(month, Fraction(hours))))
                month = (month + timedelta(days=32)).replace(day=1)
        return found

    def attainment(self, facts: Facts, question: Question) -> Items:
        cut = min(question.last, question.today)
        whole: dict[Any, Fraction] = {}
        to_date = Fraction(0)
        for fact in facts["targets"]:
            month, hours = fact.thing
            part = hours * self.share(month, question.first, question.last)
            whole[fact.person] = whole.get(fact.person, Fraction(0)) + part
            to_date += hours * self.share(month, question.first, cut)
        mine = [fact.thing for fact in facts["entries"] if whole.get(fact.person) and fact.thing.kind == "billable"]
        done = sum((entry.seconds or Fraction(0) for entry in mine), Fraction(0)) / 3600
        target = sum(whole.values(), Fraction(0))
        if not question.viewer.has_capacity:
            names = ("attainment", "pace", "hours", "target", "target_to_date", "needed_per_day")
            return dict.fromkeys(names, None)
        return {
            "attainment": percent(done, target),
            "pace": percent(done, to_date),
            "hours": rounded(done, 2),
            "target": rounded(target, 2),
            "target_to_date": rounded(to_date, 2),
            "needed_per_day": rounded(over(target - done, self.left(question) if facts["targets"] else 0), 2),
        }

    def planned(self, question: Question, kind: str) -> list[Fact]:
        """Return (measure, amount so far) of the targets of a kind: firm, person or area, in scope."""
        found, cut = [], min(question.last, question.today)
        for row in self.tables.targets:
            month = date.fromisoformat(f"{row['month']}-01")
            person, area = row.get("timekeeper_id"), row.get("practice_area_id")
            if kind != ("person" if person else "area" if area else "firm"):
                continue
            if not question.first.replace(day=1) <= month <= cut:
                continue
            in_scope = self.holds(question.viewer, kind, person if person else area)
            money = row["measure"] in ("billed", "collected")
            if in_scope and not (money and (row.get("currency") or question.books.currency) != question.code):
                value = (
                    Fraction(Decimal(row["amount"])) * self.share(month, question.first, cut) * (100 if money else 1)
                )
                found.append(Fact(person, None, payer=area, thing=(row["measure"], value)))
        if kind == "person":
            for fact in self.hours(question):
                month, hours = fact.thing
                if month > cut:
                    continue
                found.append(Fact(fact.person, None, thing=("hours", hours * self.share(month, question.first, cut))))
        return found

    def holds(self, viewer: Viewer, kind: str, subject: int | None) -> bool:
        """Tell whether all of a person's, or a practice area's, work is in scope."""
        if viewer.kind == "whole_firm":
            return True
        if kind == "person":
            return subject is not None and viewer.sees_capacity_of(subject)
        plain = [grant["areas"] for grant in viewer.grants if set(grant) == {"areas"}]
        return kind == "area" and any(subject in areas for areas in plain)

    def subject(self, question: Question, kind: str, fact: Fact) -> int | None:
        """Return the person, or the practice area, whose a fact is."""
        if kind == "person":
            return fact.person
        return ref(question.books.matters.get(fact.matter or 0), "practice_area") if kind == "area" else None

    def variance(self, facts: Facts, question: Question, kind: str) -> Items:
        items: Items = {}
        for name in ("hours", "billed", "collected", "new_matters"):
            targets = [fact for fact in facts["planned"] if fact.thing[0] == name]
            target = sum((fact.thing[1] for fact in targets), Fraction(0))
            done = sum((fact.thing[1] for fact in facts[name]), Fraction(0))
            # The plans are of the whole answer, the row's own facts only some of it.
            with_one = self.with_target(question, kind, name)
            mine = sum(
                (fact.thing[1] for fact in facts[name] if self.subject(question, kind, fact) in with_one), Fraction(0)
            )
            for item, value in (
                (name, done),
                (f"{name}_target", target if targets else None),
                (f"{name}_variance", mine - target if targets else None),
            ):
                is_money = name in ("billed", "collected")
                places = 2 if name == "hours" else 0
                items[item] = amount(value, question.code) if is_money else rounded(value, places)
            items[f"{name}_percent"] = percent(mine - target, target)
        return items

    def with_target(self, question: Question, kind: str, name: str) -> set[int | None]:
        return {
            None if kind == "firm" else fact.person if kind == "person" else fact.payer
            for fact in self.planned(question, kind)
            if fact.thing[0] == name
        }

    def variance_facts(self, question: Question, kind: str) -> Facts:
        last = min(question.last, question.today)
        begun = [
            Fact(ref(matter, "originating_attorney"), matter["id"], thing=(matter, Fraction(1)))
            for matter in question.books.records["matters"]
            if (on := opened(question.books, matter)) and question.first <= on <= last
            if sees_matter(question.viewer, matter)
        ]
        found = {
            "hours": [
                replace(each, thing=(each.thing, (each.thing.seconds or Fraction(0)) / 3600))
                for each in question.entries()
                if each.thing.kind == "billable"
            ],
            "billed": [replace(each, thing=(each.thing, Fraction(each.thing[1].net))) for each in question.lines()],
            "collected": [
                replace(each, thing=(each.thing, Fraction(each.thing.amounts[0])))
                for each in question.money("payment")
                if each.item in ("fee", "expense", "unreconciled")
            ],
            "new_matters": begun,
        }
        theirs = {
            name: [each for each in facts if self.holds(question.viewer, kind, self.subject(question, kind, each))]
            for name, facts in found.items()
        }
        return {**theirs, "planned": self.planned(question, kind)}


def variance_by(tables: Tables, kind: str) -> Declared:
    """Return the plan's variance by the targets of the firm, of people (person) or of practice areas (area)."""
    plans = Plans(tables)
    return (lambda q: plans.variance_facts(q, kind), lambda facts, q: plans.variance(facts, q, kind))
