"""What the recomputation tells on a day, of what is known then, is told as reported ever after."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.core.tenancy import tenant
from apps.reports.contracts import Dimension, Mode
from apps.reports.ledger.snapshots import read_standing
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.models import Snapshot
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.take_snapshot import SnapshotStatus, take_due_snapshot
from tests.reports.asking import Items, ask, rows_of, total_of
from tests.reports.changing import ChangingFirm
from tests.reports.comparing import scope_of
from tests.reports.mirror import SYNCED
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.ages import AGES
from tests.reports.recompute.answers import Question, amount, figures_of_nothing, recompute_by_key
from tests.reports.recompute.balances import BALANCES
from tests.reports.recompute.bills import work_class
from tests.reports.recompute.matters import MATTERS
from tests.reports.recompute.standing import unbilled_facts
from tests.reports.recompute.trust import TRUST
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild, differing
from tests.standing import standing

pytestmark = pytest.mark.django_db
DECLARED = BALANCES | AGES | MATTERS | TRUST
BILLS, WORK = ("receivable", "aging", "receivable_age"), ("unbilled", "unbilled_aging")
# By what the rows themselves carry: attributes of matters are today's, and may change.
BY = {
    "": (*BILLS, *WORK, "trust_balance", "matters", "matter_days"),
    "matter": (*BILLS, *WORK, "trust_balance"),
    "timekeeper": (*BILLS, *WORK),
    "bill": BILLS,
    "payer": BILLS,
    "status": ("matters",),
}
FIRST_DAY, DAYS = date(2025, 2, 20), 9
Told = dict[tuple[str, str, str], Any]


@dataclass(frozen=True)
class Waiting:
    """An entry that waits for its bill; value in cents, None: hidden."""

    what: str
    value: int | None
    code: str
    person: int | None
    matter: int | None


@pytest.fixture
def in_utc(cast: Any) -> Any:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [cast.firm.firm_id])
    return cast.firm


def synced(firm_id: int, at: datetime) -> None:
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_synced_entities SET last_completed_at = %s WHERE firm_id = %s", [at, firm_id])


def questions(firm: ChangingFirm, day: date) -> list[Question]:
    """Return what is asked on a day: of the days since the new year, in two currencies."""
    alive = {name: [dict(each) for each in found if each["id"] in firm.alive[name]] for name, found in
             firm.records.items()}  # fmt: skip
    books = Books(alive, currency="USD", zone="UTC", first_synced=SYNCED)
    return [Question(books, code, date(2025, 1, 1), day, day, Viewer()) for code in ("USD", "CAD")]


def told(firm: ChangingFirm, day: date) -> Told:
    """Return what the recomputation tells on a day, and what it tells of nothing."""
    return {
        (name, question.code, dimension): (
            recompute_by_key(DECLARED[name], question, dimension),
            figures_of_nothing(DECLARED[name], question),
        )
        for question in questions(firm, day)
        for dimension, names in BY.items()
        for name in names
    }


def in_progress(firm: ChangingFirm, day: date) -> dict[int, Waiting]:
    """Return the entries that wait for their bill on a day."""
    found: dict[int, Waiting] = {}
    for question in questions(firm, day):
        for fact in unbilled_facts(question):
            what, value, entry = fact.thing
            if what != "contingency_fees":
                found[entry["id"]] = Waiting(what, value, question.code, fact.person, fact.matter)
    return found


def given_up(firm: ChangingFirm, before: dict[int, Waiting], now: dict[int, Waiting]) -> list[tuple[str, Waiting]]:
    """Return the entries that were work in progress and were made non-billable or deleted."""
    entries = {each["id"]: each for each in firm.records["activities"] if each["id"] in firm.alive["activities"]}
    matters = {each["id"]: each for each in firm.records["matters"]}
    lost = []
    for at in before.keys() - now.keys():
        if at not in entries:
            lost.append(("deleted", before[at]))
        elif work_class(entries[at], matters) != "billable":
            lost.append(("non_billable", before[at]))
    return lost


def check_given_up(firm_id: int, first: date, last: date, lost: list[tuple[str, Waiting]]) -> None:
    """Compare K12 as reported with what was seen going, whole and by who and what it was about."""
    asked: dict[str, Any] = {"period": f"{first}..{last}", "on": last, "mode": Mode.AS_REPORTED}
    for code in ("USD", "CAD"):
        own = [(way, each) for way, each in lost if each.code == code and each.value]
        total = total_of(ask(firm_id, "wip_written_off", currency=code, **asked), "wip_written_off")
        for name, among in {
            "total": own,
            "fees": [x for x in own if x[1].what == "fees"],
            "expenses": [x for x in own if x[1].what == "expenses"],
            "deleted": [x for x in own if x[0] == "deleted"],
            "non_billable": [x for x in own if x[0] == "non_billable"],
        }.items():
            assert total[name] == amount(sum(each.value or 0 for _, each in among), code), (name, code)
        for dimension, key in (("timekeeper", "person"), ("matter", "matter")):
            answer = ask(firm_id, "wip_written_off", currency=code, **asked, dimensions=(Dimension(dimension),))
            sums: dict[int | None, int] = defaultdict(int)
            for _, each in own:
                sums[getattr(each, key)] += each.value or 0
            mine = {at: row["total"] for at, row in rows_of(answer, "wip_written_off").items() if row["total"]}
            assert mine == {at: amount(cost, code) for at, cost in sums.items() if cost}, (dimension, code)


def check(firm_id: int, day: date, on: date, expected: Told) -> None:
    for code in ("USD", "CAD"):
        for dimension, names in BY.items():
            more: dict[str, Any] = {"dimensions": (Dimension(dimension),)} if dimension else {}
            more |= {"mode": Mode.AS_REPORTED, "currency": code}
            answer = ask(firm_id, *names, period=f"2025-01-01..{day}", on=on, **more)
            assert answer.gaps == (), day
            for name in names:
                figures, blank = expected[name, code, dimension]
                mine = rows_of(answer, name) if dimension else {"": total_of(answer, name)}
                assert differing(mine, figures, blank) == {}, (day, on, name, code, dimension)


def _restated(firm_id: int, day: date, on: date) -> Items:
    return total_of(ask(firm_id, "unbilled", period=f"2025-01-01..{day}", on=on), "unbilled")


@pytest.mark.parametrize("seed", range(4))
def test_every_day_is_told_as_it_was_known_then(in_utc: Any, seed: int) -> None:
    firm, firm_id = ChangingFirm(in_utc, seed, keeps=("matters", "bank_accounts")), in_utc.firm_id
    days: dict[date, Told] = {}
    waiting: dict[int, Waiting] = {}
    lost: list[tuple[str, Waiting]] = []
    for number in range(DAYS):
        day = FIRST_DAY + timedelta(days=number)
        firm.change(firm.dice.choice([0, 4, 12, 30]))
        firm.work_on(day)
        for entry_id in firm.dice.sample(sorted(waiting), min(2, len(waiting))):
            firm.give_up(entry_id)
        night = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
            days=1, minutes=firm.dice.randint(0, 350)
        )
        rebuild_ledger(firm_id=firm_id, now=night)
        if firm.dice.random() < 0.2 and number:
            continue  # nobody was there that night
        synced(firm_id, night)
        assert take_due_snapshot(firm_id=firm_id, now=night).status is SnapshotStatus.TAKEN
        days[day] = told(firm, day)
        before, waiting = waiting, in_progress(firm, day)
        lost += given_up(firm, before, waiting)

    firm.change(60)
    later = datetime(2025, 6, 1, tzinfo=UTC)
    rebuild_ledger(firm_id=firm_id, now=later)

    for day, expected in days.items():
        check(firm_id, day, later.date(), expected)
    assert any(each.value for _, each in lost)
    check_given_up(firm_id, FIRST_DAY, later.date(), lost)
    with tenant(firm_id):
        kept = {each.day: each for each in Snapshot.objects.filter(firm_id=firm_id)}
        assert [day for day, each in sorted(kept.items()) if each.status == "taken"] == list(days)
        assert any(_restated(firm_id, day, later.date()) != each["unbilled", "USD", ""][0][""] for day, each in
                   days.items())  # fmt: skip
        for day in days:
            assert read_standing(firm_id=firm_id, day=day).checksum == kept[day].checksum


wild_62 = standing(lambda cast: build_wild(cast, seed=62))


@pytest.mark.parametrize("viewer", [VIEWERS[0], VIEWERS[1], VIEWERS[3], VIEWERS[4]], ids=lambda viewer: viewer.kind)
def test_every_dimension_in_every_scope_equals_the_recomputation_of_the_day(wild_62: Any, viewer: Viewer) -> None:
    cast, books = wild_62
    firm_id = cast.firm.firm_id
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [firm_id])
    night = datetime(TODAY.year, TODAY.month, TODAY.day, 0, 5, tzinfo=UTC)
    synced(firm_id, night)
    assert take_due_snapshot(firm_id=firm_id, now=night).status is SnapshotStatus.TAKEN
    first, day = date(2024, 6, 1), TODAY - timedelta(days=1)
    question = Question(books, "USD", first, day, TODAY, viewer)
    asked: dict[str, Any] = {"mode": Mode.AS_REPORTED, "scope": scope_of(firm_id, viewer), "on": TODAY}

    for name in BY[""]:
        blank = figures_of_nothing(DECLARED[name], question)
        for dimension in sorted(BY_NAME[name].dims - {"category", "utbms_task", "utbms_activity"}):
            answer = ask(firm_id, name, period=f"{first}..{day}", dimensions=(dimension,), **asked)
            theirs = recompute_by_key(DECLARED[name], question, dimension)
            assert differing(rows_of(answer, name), theirs, blank) == {}, (name, dimension)
        total = total_of(ask(firm_id, name, period=f"{first}..{day}", **asked), name)
        assert total == total | recompute_by_key(DECLARED[name], question)[""], name
