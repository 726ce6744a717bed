"""A matter restricted in Clio, read in every way there is: by an outsider, by somebody inside, by the whole firm."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.clio import models as clio
from apps.core.access import Extra
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from apps.reports.services.erase_ledger import erase_ledger
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.accounts.factories import join, make_user
from tests.clio.mirror.writing import completed, gone, write
from tests.reports.api.test_forecast import a_steady_firm
from tests.reports.conftest import NOON, golden
from tests.reports.mirror import TABLES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
Client = Callable[[Any], APIClient]
WALLED, OPEN, ADA, BEN, CIRCLE = 301, 302, 101, 102, 61
PERIOD = "2025-01-01..2025-03-31"
GRANTS = [{"timekeeper_ids": [ADA, BEN]}, {"practice_area_ids": [401]}, {"client_ids": [201, 202]}]
TELLTALES = ("M1", "00001", "I1", "Litigation", "Client One")


def restricted(records: Any) -> Any:
    """Return golden March, its first matter kept to Ada's circle and full of faults; each has an own practice area."""
    first, second = records["matters"][0], records["matters"][1]
    first |= {"group": {"id": CIRCLE}, "close_date": "2025-01-01", "status": "Closed"}
    second |= {"practice_area": {"id": 402}}
    records["practice_areas"].append({"id": 402, "name": "Estates"})
    records["groups"] = [{"id": CIRCLE, "name": "Circle", "type": "AdhocGroup", "users": [{"id": ADA}]}]
    entry = {
        **golden("march")["activities"][3],
        "bill": None,
        "on_bill": False,
        "matter": {"id": WALLED},
        "user": {"id": BEN},
    }
    records["activities"] += [
        {**entry, "id": 9001, "quantity": 90_000, "rounded_quantity": 90_000, "date": "2025-03-13"},
        {**entry, "id": 9002, "date": "2025-03-14"},
        {**entry, "id": 9003, "date": "2025-03-14"},
    ]
    records["bank_accounts"] = [{"id": 71, "name": "Trust", "type": "Trust", "balance": 0}]
    records["bank_transactions"] = [
        {"id": 501, "date": "2025-03-02", "funds_in": 777, "bank_account": {"id": 71, "type": "Trust"},
         "matter": {"id": WALLED}, "client": {"id": 201}},
    ]  # fmt: skip
    return records


@pytest.fixture
def firm(cast: Any) -> Any:
    """Return the cast's firm with the golden records synced, trail and all, and its ledger."""
    _sync(cast.firm, restricted(golden("march")))
    return cast.firm


def _sync(firm: Any, records: Any, now: datetime = NOON) -> None:
    for name in TABLES:
        if records.get(name):
            write(firm, name, *plain(records[name]))
    completed(firm, *TABLES)
    assert rebuild_ledger(firm_id=firm.firm_id, now=now).status == "built"


@pytest.fixture
def reader(cast: Any, firm: Any, api: Client) -> Callable[..., Any]:
    """Return a function that makes a reader: somebody granted everything by parts, whom a wall keeps out or not."""

    def make(me: int | None, *, whole: bool = False) -> Callable[..., Any]:
        person = make_user()
        scope = ScopeKind.WHOLE_FIRM if whole else ScopeKind.SUBSET
        grants = [] if whole else GRANTS
        join(person, firm, scope=scope, clio_user_id=me, grants=grants, permissions=[each.value for each in Extra])

        def get(address: str, **parameters: str) -> Any:
            with time_machine.travel(NOON, tick=False):
                answer = api(person).get(f"/api/v1/firms/{firm.public_id}/{address}", parameters)
            assert answer.status_code == 200, answer.content
            return answer

        return get

    return make


@pytest.fixture
def readings(reader: Callable[..., Any]) -> dict[str, Any]:
    return {"outside": reader(BEN), "stranger": reader(None), "inside": reader(ADA), "whole": reader(None, whole=True)}


def figure(body: Any, column: str) -> Any:
    return body["total"]["figures"][column]


def by_key(body: Any, column: str) -> dict[Any, Any]:
    return {row["keys"][0]: row["figures"][column] for row in body["rows"]}


QUERIES = [
    ("billed", "billed.total", "0.00", "3700.00"),
    ("collected", "collected.total", "0.00", "1850.00"),
    ("receivable", "receivable.total", "0.00", "1480.00"),
    ("trust_balance", "trust_balance.total", "0.00", "777.00"),
    ("unbilled", "unbilled.fees", "1500.00", "8700.00"),
    ("recorded_hours", "recorded_hours.total", 10.0, 67.0),
    ("matters", "matters.opened", 1, 2),
]


@pytest.mark.parametrize(("metric", "column", "outside", "inside"), QUERIES)
def test_its_money_and_hours_are_in_no_outsiders_figure(
    readings: dict[str, Any], metric: str, column: str, outside: Any, inside: Any
) -> None:
    """By matters too: the row is absent, not zero."""
    for name, get in readings.items():
        body = get("query", metrics=metric, period=PERIOD, dimensions="matter").json()

        assert figure(body, column) == (inside if name in ("inside", "whole") else outside), name
        assert (str(WALLED) in by_key(body, column)) == (name in ("inside", "whole")), name
        assert any(word in str(body) for word in TELLTALES[:2]) == (name in ("inside", "whole")), name


def test_facts_of_whole_months_keep_it_back_as_the_ledger_does(readings: dict[str, Any]) -> None:
    for name, get in readings.items():
        by_month = get("query", metrics="billed,recorded_hours", period="2025-01-01..2025-03-31", grain="month").json()
        by_week = get("query", metrics="billed,recorded_hours", period="2025-01-01..2025-03-31", grain="week").json()

        assert by_month["total"]["figures"] == by_week["total"]["figures"], name


ELSEWHERE = [
    ("reports/overview", {"period": PERIOD}),
    ("reports/timekeeper_productivity", {"period": PERIOD}),
    ("reports/revenue", {"period": PERIOD}),
    ("reports/work_in_progress", {"period": PERIOD}),
    ("reports/receivables_aging", {"period": PERIOD}),
    ("reports/trust_ledger", {"period": PERIOD}),
    ("reports/matter_pipeline", {"period": PERIOD}),
    ("reports/matter_profitability", {"period": PERIOD}),
    ("reports/client_value", {"period": PERIOD}),
    ("reports/billing_history", {"period": PERIOD}),
    ("reports/payments_received", {"period": PERIOD}),
    ("leaderboard", {"metric": "billed", "period": PERIOD}),
    ("query", {"metrics": "billed", "dimensions": "bill", "details": "bill.last_payment_on", "period": PERIOD}),
    ("query", {"metrics": "billed", "dimensions": "practice_area", "period": PERIOD}),
    ("query", {"metrics": "billed", "dimensions": "client", "period": PERIOD}),
    ("explain", {"item": "billed.total", "period": PERIOD}),
    ("explain", {"item": "collected.total", "period": PERIOD}),
    ("explain", {"item": "unbilled.fees", "period": PERIOD}),
    ("explain", {"item": "trust_balance.total", "period": PERIOD}),
    ("data-quality/closed_before_opened", {}),
    ("data-quality/possible_duplicates", {}),
    ("data-quality/days_over_24_hours", {}),
]  # fmt: skip


@pytest.mark.parametrize(("address", "parameters"), ELSEWHERE)
def test_nothing_of_it_is_read_anywhere_else(
    firm: Any, readings: dict[str, Any], address: str, parameters: dict[str, str]
) -> None:
    """What outsiders read is what they would read if the matter did not exist; who is inside reads more."""
    texts = {name: get(address, **parameters).content.decode() for name, get in readings.items()}

    for name in ("outside", "stranger"):
        told = texts[name].replace(str(firm.public_id), "")  # any digits may be in it, as in a digest
        for word in (*TELLTALES, "777.00", "25.00 hours"):
            assert word not in told, (name, word)
        assert re.findall(r"(?<!\w)(?:3700|1850|1480)(?!\w)", told) == [], name
    assert texts["outside"] != texts["inside"]


def test_a_filter_by_it_finds_nothing_and_names_nothing(readings: dict[str, Any]) -> None:
    for name in ("outside", "stranger"):
        parameters = {"item": "billed.total", "period": PERIOD, "filter[matter]": str(WALLED)}
        body = readings[name]("explain", **parameters).json()

        assert (body["value"], body["results"]) == ("0.00", [])
        assert "M1" not in str(body)


def test_ones_own_work_on_it_is_behind_the_wall_too(cast: Any, firm: Any, api: Client) -> None:
    """Ben worked on the matter before it was restricted; Ada is its attorney and in the circle."""
    figures = {}
    for me in (BEN, ADA):
        person = make_user()
        join(person, firm, scope=ScopeKind.SELF, clio_user_id=me)
        with time_machine.travel(NOON, tick=False):
            address = f"/api/v1/firms/{firm.public_id}/query?metrics=recorded_hours,billed&period={PERIOD}"
            figures[me] = api(person).get(address).json()["total"]["figures"]

    assert (figures[BEN]["recorded_hours.total"], figures[BEN]["billed.total"]) == (2.0, "0.00")
    assert figures[ADA]["billed.total"] == "3700.00"


def matter_kept_to(group: int | None) -> Any:
    return plain({**golden("march")["matters"][0], "group": group and {"id": group}})


def user(user_id: int, **changes: Any) -> Any:
    return plain(next(each for each in golden("march")["users"] if each["id"] == user_id)) | changes


def plain(records: Any) -> Any:
    return json.loads(json.dumps(records, default=float))


def set_free(firm: Any) -> None:
    write(firm, "matters", matter_kept_to(None))


def let_in(firm: Any) -> None:
    write(firm, "groups", {"id": CIRCLE, "name": "Circle", "users": [{"id": ADA}, {"id": BEN}]})


def say_by_the_person(firm: Any) -> None:
    write(firm, "users", user(BEN, groups=[{"id": CIRCLE}]))


def send_everybody_else_home(firm: Any) -> None:
    """Who is inside is now everybody at work."""
    write(firm, "users", user(BEN, enabled=False))


@pytest.mark.parametrize("change", [set_free, let_in, say_by_the_person, send_everybody_else_home])
def test_a_change_in_clio_moves_the_wall_with_the_next_part(
    firm: Any, reader: Callable[..., Any], change: Callable[[Any], None]
) -> None:
    get = reader(BEN)
    address, parameters = "query", {"metrics": "billed", "dimensions": "matter", "period": PERIOD}
    before = get(address, **parameters)

    change(firm)
    outcome = rebuild_ledger(firm_id=firm.firm_id, now=NOON)
    after = get(address, **parameters)

    assert (outcome.status, outcome.is_whole) == ("built", False)
    assert (figure(before.json(), "billed.total"), figure(after.json(), "billed.total")) == ("0.00", "3700.00")
    assert before["ETag"] != after["ETag"]


def test_a_matter_restricted_later_leaves_no_answer_behind(firm: Any, reader: Callable[..., Any]) -> None:
    set_free(firm)
    rebuild_ledger(firm_id=firm.firm_id, now=NOON)
    get, parameters = reader(BEN), {"metrics": "billed", "period": PERIOD}
    assert figure(get("query", **parameters).json(), "billed.total") == "3700.00"

    write(firm, "matters", matter_kept_to(CIRCLE))
    rebuild_ledger(firm_id=firm.firm_id, now=NOON)

    assert figure(get("query", **parameters).json(), "billed.total") == "0.00"


def test_a_group_nobody_knows_keeps_everybody_out(firm: Any, reader: Callable[..., Any]) -> None:
    get, parameters = reader(ADA), {"metrics": "unbilled", "dimensions": "matter", "period": PERIOD}
    assert figure(get("query", **parameters).json(), "unbilled.fees") == "8700.00"

    write(firm, "matters", matter_kept_to(99))
    rebuild_ledger(firm_id=firm.firm_id, now=NOON)

    assert figure(get("query", **parameters).json(), "unbilled.fees") == "1500.00"


@pytest.mark.parametrize(("group", "outside"), [(CIRCLE, 10.0), (None, 67.0)])
def test_work_left_on_a_matter_that_is_gone_is_seen_by_whom_it_was_open_to(
    firm: Any, reader: Callable[..., Any], group: int | None, outside: float
) -> None:
    readers = {"outside": reader(BEN), "inside": reader(ADA), "whole": reader(None, whole=True)}
    write(firm, "matters", matter_kept_to(group))
    gone(firm, "matters", WALLED)
    assert not rebuild_ledger(firm_id=firm.firm_id, now=NOON).is_whole

    found = {
        name: figure(get("query", metrics="recorded_hours", period=PERIOD).json(), "recorded_hours.total")
        for name, get in readers.items()
    }

    assert found == {"outside": outside, "inside": 67.0, "whole": 67.0}


def test_work_on_a_matter_nobody_ever_saw_is_behind_a_wall(firm: Any, reader: Callable[..., Any]) -> None:
    with tenant(firm.firm_id):
        clio.Matter.objects.filter(firm_id=firm.firm_id, clio_id=WALLED).delete()
    write(firm, "groups", {"id": CIRCLE, "name": "Circle", "users": [{"id": ADA}, {"id": BEN}]})
    gone(firm, "activities", 9001)  # so that the ledger is built anew
    with tenant(firm.firm_id):
        erase_ledger(firm.firm_id)
    rebuild_ledger(firm_id=firm.firm_id, now=NOON)
    hours = {"metrics": "recorded_hours", "period": PERIOD}

    assert figure(reader(ADA)("query", **hours).json(), "recorded_hours.total") == 10.0
    assert figure(reader(None, whole=True)("query", **hours).json(), "recorded_hours.total") == 42.0


def test_people_whose_groups_clio_does_not_tell_are_outside(firm: Any, reader: Callable[..., Any]) -> None:
    with tenant(firm.firm_id):
        clio.ClioUser.objects.filter(firm_id=firm.firm_id).update(group_ids=None)
        clio.ClioGroup.objects.filter(firm_id=firm.firm_id).update(user_ids=None)
    write(firm, "users", user(ADA, name="Ada Ames", groups=None))
    rebuild_ledger(firm_id=firm.firm_id, now=NOON)

    assert figure(reader(ADA)("query", metrics="billed", period=PERIOD).json(), "billed.total") == "0.00"


def test_the_forecast_knows_nothing_of_it(cast: Any, api: Client) -> None:
    """All the bills of a steady firm lie on one matter."""
    records = restricted(a_steady_firm())
    records["activities"] = records["activities"][:1]
    _sync(cast.firm, records)
    totals = {}
    for me in (BEN, ADA):
        person = make_user()
        join(person, cast.firm, scope=ScopeKind.SUBSET, clio_user_id=me, grants=GRANTS)
        with time_machine.travel(datetime.combine(date(2025, 3, 31), time(12), UTC), tick=False):
            body = api(person).get(f"/api/v1/firms/{cast.firm.public_id}/forecast").json()
        totals[me] = (body["status"], [week["total"] for week in body["weeks"] if week["total"] != "0.00"])

    assert totals == {BEN: ("too_short", []), ADA: ("ready", ["1000.00", "300.00"])}


def test_a_report_page_by_page_skips_it(readings: dict[str, Any]) -> None:
    """Page by page, as an export reads it."""
    for name in ("outside", "whole"):
        seen: list[str] = []
        count = 1
        while len(seen) < count:
            page = readings[name](
                "query", metrics="recorded_hours", dimensions="matter", period=PERIOD, limit="1", offset=str(len(seen))
            ).json()
            seen += [row["keys"][0] for row in page["rows"]]
            count = page["row_count"]
        assert len(seen) == (3 if name == "whole" else 2)
        assert (str(WALLED) in seen) == (name == "whole")
