"""Matters one by one, and clients by their matters and money."""

from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.reports.recompute.answers import (
    EARLY,
    Declared,
    Facts,
    Items,
    Question,
    amount,
    at_share,
    over,
    percent,
    rounded,
)
from tests.reports.recompute.bills import day
from tests.reports.recompute.facts import Fact, Stay, money, told
from tests.reports.recompute.overview import Books
from tests.reports.recompute.standing import the_day
from tests.reports.recompute.viewer import Viewer, ref
from tests.reports.recompute.walls import is_kept_from

Record = dict[str, Any]


def sees_matter(viewer: Viewer, matter: Record) -> bool:
    """Tell whether a matter itself is in scope: a granted person is one of its attorneys."""
    lawyers = [ref(matter, "responsible_attorney"), ref(matter, "originating_attorney")]
    if viewer.kind == "whole_firm":
        return True
    if is_kept_from(matter, viewer.me):
        return False
    if viewer.kind == "self":
        return viewer.me is not None and viewer.own_matters and viewer.me in lawyers
    own = {"areas": "practice_area", "groups": "group", "clients": "client"}

    def holds(what: str, ids: list[int]) -> bool:
        return any(at in ids for at in lawyers) if what == "people" else ref(matter, own[what]) in ids

    return any(grant and all(holds(what, ids) for what, ids in grant.items()) for grant in viewer.grants)


def opened(books: Books, matter: Record) -> date | None:
    """Return the day a matter was opened; without one the day it was made, unless it is pending."""
    if matter.get("open_date"):
        return day(matter["open_date"])
    if matter.get("status") == "Pending" or not matter.get("created_at"):
        return None
    return datetime.fromisoformat(matter["created_at"]).astimezone(books.zone).date()


def is_open(books: Books, matter: Record, on: date) -> bool:
    began = opened(books, matter)
    if began is None or began > on:
        return False
    name = {"Closed": "close_date", "Pending": "pending_date"}.get(matter.get("status") or "")
    if name is None:
        return True
    ended = day(matter[name])
    return ended is not None and ended > on


def closed(matter: Record) -> date | None:
    return day(matter["close_date"]) if matter.get("status") == "Closed" else None


def matter_facts(question: Question) -> list[Fact]:
    """Return the matters in scope; each thing is the matter."""
    found = question.books.records["matters"]
    return [Fact(None, each["id"], thing=each) for each in found if sees_matter(question.viewer, each)]


def opened_facts(question: Question) -> list[Fact]:
    found = [(fact, opened(question.books, fact.thing)) for fact in matter_facts(question)]
    return [fact for fact, at in found if at is not None and question.first <= at <= the_day(question)]


def closed_facts(question: Question) -> list[Fact]:
    found = [(fact, closed(fact.thing)) for fact in matter_facts(question)]
    return [fact for fact, at in found if at is not None and question.first <= at <= the_day(question)]


def open_facts(question: Question) -> list[Fact]:
    on = the_day(question)
    return [fact for fact in matter_facts(question) if is_open(question.books, fact.thing, on)]


def fees_of_closed(question: Question) -> list[Fact]:
    """Return what was collected of fees by today on the matters closed in the period."""
    ids = {fact.matter for fact in closed_facts(question)}
    paid = money(question.books, question.code, question.viewer)
    fees = [fact for fact in paid if fact.thing.kind == "payment" and fact.item == "fee" and fact.matter in ids]
    return [fact for fact in fees if EARLY <= fact.thing.day <= question.today]


def matter_counts(facts: Facts, _: Question) -> Items:
    came, went, stand = (len(facts[name]) for name in ("opened", "closed", "open"))
    return {
        "opened": rounded(came, 0),
        "closed": rounded(went, 0),
        "net": rounded(came - went, 0),
        "clearance": percent(went, came),
        "open": rounded(stand, 0),
    }


def in_days(name: str, values: list[int]) -> Items:
    return {
        f"{name}_median": rounded(at_share(values, Fraction(1, 2)), 1),
        f"{name}_mean": rounded(over(sum(values), len(values)), 1),
        f"{name}_p90": rounded(at_share(values, Fraction(9, 10)), 1),
    }


def matter_days(facts: Facts, question: Question) -> Items:
    on, books = the_day(question), question.books
    lasted = [
        (began, ended) for f in facts["closed"] if (began := opened(books, f.thing)) and (ended := closed(f.thing))
    ]
    ages = [(on - began).days for fact in facts["open"] if (began := opened(books, fact.thing))]
    stamps = [fact.thing.get("matter_stage_updated_at") for fact in facts["open"]]
    since = [datetime.fromisoformat(text).astimezone(books.zone).date() for text in stamps if text]
    return {
        **in_days("duration", [(ended - began).days for began, ended in lasted if ended >= began]),
        **in_days("age", ages),
        **in_days("in_stage", [(on - at).days for at in since if at <= on]),
    }


def stay_facts(question: Question) -> list[Fact]:
    """Return the stays that ended in the period."""
    found, books = [], question.books
    for fact in matter_facts(question):
        turns: list[tuple[date | None, str | None]] = []
        for on, value in told(books, fact.thing["id"], "matter_stage_id"):
            if not turns or turns[-1][1] != value:
                turns.append((on, value))
        for place, ((began, stage), (left, _)) in enumerate(pairwise(turns)):
            stamp = fact.thing.get("matter_stage_updated_at")
            since = datetime.fromisoformat(stamp).astimezone(books.zone).date() if stamp else None
            if began is None or left is None or stage is None:
                continue
            if place == len(turns) - 2 and since and began <= since <= left:
                left = since
            if question.first <= left <= the_day(question):
                found.append(Fact(None, fact.matter, thing=Stay(int(stage), (left - began).days)))
    return found


def stage_days(facts: Facts, question: Question) -> Items:
    on, zone = the_day(question), question.books.zone
    stamps = [fact.thing.get("matter_stage_updated_at") for fact in facts["open"]]
    since = [datetime.fromisoformat(text).astimezone(zone).date() for text in stamps if text]
    now = [(on - at).days for at in since if at <= on]
    items = in_days("left", [fact.thing.days for fact in facts["stays"]]) | in_days("in_stage", now)
    counts = {"left": rounded(len(facts["stays"]), 0), "in_stage": rounded(len(now), 0)}
    return {**{name: value for name, value in items.items() if not name.endswith("p90")}, **counts}


def revenue_per_matter(facts: Facts, question: Question) -> Items:
    fees = sum(fact.thing.amounts[0] for fact in facts["fees"])
    return {
        "average": amount(over(fees, len(facts["closed"])), question.code),
        "collected": amount(fees, question.code),
        "matters": rounded(len(facts["closed"]), 0),
    }


MATTERS: dict[str, Declared] = {
    "matters": (
        lambda q: {"opened": opened_facts(q), "closed": closed_facts(q), "open": open_facts(q)},
        matter_counts,
    ),
    "matter_days": (lambda q: {"closed": closed_facts(q), "open": open_facts(q)}, matter_days),
    "stage_days": (lambda q: {"open": open_facts(q), "stays": stay_facts(q)}, stage_days),
    "revenue_per_matter": (
        lambda q: {"fees": fees_of_closed(q), "closed": closed_facts(q)},
        revenue_per_matter,
    ),
}
