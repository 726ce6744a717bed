"""What comes in, week by week, in fractions: every bill and every entry by itself (K45)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from tests.reports.recompute.answers import Question, amount, at_share
from tests.reports.recompute.bills import work_class
from tests.reports.recompute.facts import Fact, Key, key_of, lines, money
from tests.reports.recompute.overview import Books
from tests.reports.recompute.standing import owed_facts, unbilled_facts
from tests.reports.recompute.viewer import Viewer, ref

Weeks = list[Fraction]
NO_MONEY = ("interest", "credit")


@dataclass
class Told:
    """A forecast. weeks: (receivables, unbilled, total, low, high) each; past: (day, expected, came in) a quarter."""

    weeks: list[tuple[Decimal | None, ...]]
    past: list[tuple[date, Decimal, Decimal]]
    curves: Counter[str]


@dataclass
class History:
    """What was billed and paid of it, by days from issue."""

    bills: set[int] = field(default_factory=set)
    billed: int = 0
    paid: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def share(self, days: int) -> Fraction:
        """Return the most that had come in at any day up to this one, never more than all."""
        best, total = Fraction(0), 0
        for at in sorted(self.paid):
            if at > days:
                break
            total += self.paid[at]
            if self.billed > 0:
                best = max(best, Fraction(total, self.billed))
        return min(best, Fraction(1))


class Forecaster:
    """Somebody's view of a firm's money in one currency."""

    def __init__(self, books: Books, code: str, viewer: Viewer) -> None:
        self.books, self.code, self.viewer = books, code, viewer
        self.curves: Counter[str] = Counter()

    def tell(self, today: date) -> Told | None:
        """Return the forecast of a day, or nothing without a year of bills."""
        first = min((issued for issued, _ in self.issues()), default=date.max)
        if first > year_before(today):
            return None
        past = []
        for quarter in range(1, 5):
            on = today - timedelta(days=91 * quarter)
            if first > year_before(on):
                break
            past.append((on, sum(map(sum, self.expect(on)), Fraction(0)), sum(self.came_in(on))))
        ratios = sorted(Fraction(got) / due for _, due, got in past if due > 0)
        margins = [spread(ratios, tenth) for tenth in (1, 9)] if len(ratios) >= 3 else [None, None]
        weeks = []
        for owed, unbilled in zip(*self.expect(today), strict=True):
            band = [None if each is None else (owed + unbilled) * each for each in margins]
            weeks.append(tuple(amount(each, self.code) for each in (owed, unbilled, owed + unbilled, *band)))
        told = [(on, amount(due, self.code), amount(got, self.code)) for on, due, got in past]
        return Told(weeks, told, self.curves)

    def expect(self, on: date) -> tuple[Weeks, Weeks]:
        """Return what open bills and unbilled work bring in each of 13 weeks."""
        histories = self.histories(on)
        owed, unbilled = [Fraction(0)] * 13, [Fraction(0)] * 13
        for fact in owed_facts(self.asked(on, on)):
            net, tax, _, bill = fact.thing
            curve, age = self.curve(histories, fact), (on - bill.issued).days
            rest = 1 - curve.share(age)
            for week in range(13 if rest else 0):
                gained = curve.share(age + 7 * week + 7) - curve.share(age + 7 * week)
                owed[week] += (net + tax) * gained / rest
        waits, kept = {}, {}
        for fact in unbilled_facts(self.asked(on, on)):
            what, value, _ = fact.thing
            if what == "contingency_fees" or value is None or fact.matter is None:
                continue
            if fact.matter not in waits:
                waits[fact.matter] = self.wait(fact.matter, on)
                kept[fact.matter] = self.realization(fact.matter, on)
            worth = value * (kept[fact.matter] if what == "fees" else 1)
            curve = self.curve(histories, fact)
            for week in range(13):
                ends = [7 * week + 7 - waits[fact.matter], 7 * week - waits[fact.matter]]
                # Money that comes on the day of the bill comes in the week of the bill.
                by_then = [curve.share(end) if end >= 0 else Fraction(0) for end in ends]
                before = by_then[1] if week else Fraction(0)
                unbilled[week] += worth * (by_then[0] - before)
        return owed, unbilled

    def issues(self) -> list[tuple[date, int | None]]:
        """Return day and matter of every line that is seen, in any currency; a whole firm sees bills without any."""
        found: list[tuple[date, int | None]] = []
        for bill in self.books.bills:
            payer = ref(bill.record, "client")
            if bill.issued and self.viewer.kind == "whole_firm":
                found.append((bill.issued, None))
            for line in bill.lines:
                if bill.issued and self.viewer.sees(line.person, self.books.matters.get(line.matter or 0), payer):
                    found.append((bill.issued, line.matter))
        return found

    def histories(self, on: date) -> dict[tuple[str, Key], History]:
        """Return how bills issued 24 to 6 months before were paid: of each client and practice area, and of all."""
        first, last = year_before(year_before(on)), half_a_year_before(on)
        found: dict[tuple[str, Key], History] = defaultdict(History)
        for fact in lines(self.books, self.code, first, last, self.viewer):
            bill, line = fact.thing
            for place in self.places(fact):
                found[place].bills.add(bill.id)
                found[place].billed += sum(line.owed)
        for fact in self.payments():
            piece = fact.thing
            if piece.bill and piece.bill.issued and first <= piece.bill.issued <= last and piece.day <= on:
                for place in self.places(fact):
                    found[place].paid[max((piece.day - piece.bill.issued).days, 0)] += sum(piece.amounts)
        return found

    def places(self, fact: Fact) -> list[tuple[str, Key]]:
        return [
            ("client", key_of(self.books, fact, "client")),
            ("area", key_of(self.books, fact, "practice_area")),
            ("firm", None),
        ]

    def curve(self, histories: dict[tuple[str, Key], History], fact: Fact) -> History:
        client, area, firm = self.places(fact)
        chosen = firm
        if area[1] is not None and len(histories[area].bills) >= 20:
            chosen = area
        if client[1] is not None and len(histories[client].bills) >= 8:
            chosen = client
        self.curves[chosen[0]] += 1
        return histories[chosen]

    def wait(self, matter: int, on: date) -> int:
        """Return the days until the matter's work is billed."""
        dates = sorted({issued for issued, of_matter in self.issues() if issued <= on and of_matter == matter})
        gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
        if gaps:
            return max((dates[-1] + timedelta(days=up(at_share(gaps, Fraction(1, 2)))) - on).days, 0)
        month_end = (on.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        worth = waited = 0
        for fact in lines(self.books, self.code, year_before(on) + timedelta(1), on, self.viewer):
            bill, line = fact.thing
            if line.kind == "fee" and line.activity and line.activity["date"] and line.worked is not None:
                worth += line.worked
                waited += line.worked * max((bill.issued - date.fromisoformat(line.activity["date"])).days, 0)
        return (month_end - on).days + (up(Fraction(waited, worth)) if worth > 0 else 0)

    def realization(self, matter: int, on: date) -> Fraction:
        """Return the share of its worth the matter's work was billed at in 12 months; all where nothing tells."""
        year = lines(self.books, self.code, year_before(on) + timedelta(1), on, self.viewer)
        own = [fact.thing[1] for fact in year if fact.matter == matter and fact.item == "fee"]
        known = [line for line in own if line.worked is not None]
        worth = sum(line.worked for line in known)
        return Fraction(sum(line.net for line in known), worth) if worth > 0 else Fraction(1)

    def came_in(self, on: date) -> list[int]:
        """Return what each of 13 weeks brought of bills issued by a day and of what was unbilled work on it."""
        weeks = [0] * 13
        for fact in self.payments():
            piece = fact.thing
            past = (piece.day - on).days - 1
            if not 0 <= past < 91:
                continue
            entry = piece.line.activity if piece.line else None
            is_open = bool(piece.bill and piece.bill.issued and piece.bill.issued <= on)
            if is_open or (entry and self.was_work(entry, on)):
                weeks[past // 7] += sum(piece.amounts)
        return weeks

    def was_work(self, entry: dict[str, object], on: date) -> bool:
        matter = self.books.matter(entry)
        if not entry["date"] or date.fromisoformat(str(entry["date"])) > on or matter is None:
            return False
        is_time = entry["type"] == "TimeEntry"
        is_contingent = is_time and (entry.get("contingency_fee") or matter.get("billing_method") == "contingency")
        return work_class(entry, self.books.matters) == "billable" and not is_contingent

    def payments(self) -> Iterator[Fact]:
        for fact in money(self.books, self.code, self.viewer):
            if fact.thing.kind == "payment" and fact.item not in NO_MONEY:
                yield fact

    def asked(self, first: date, last: date) -> Question:
        return Question(self.books, self.code, first, last, last, self.viewer)


def spread(ordered: list[Fraction], tenth: int) -> Fraction:
    place = Fraction(tenth, 10) * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def up(days: Fraction | None) -> int:
    """Return whole days, a half up."""
    return int((days or Fraction(0)) + Fraction(1, 2))


def year_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def half_a_year_before(day: date) -> date:
    year, month = (day.year, day.month - 6) if day.month > 6 else (day.year - 1, day.month + 6)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError(day)
