"""Reports that people of a firm make: kept, shared, changed version by version, run by each in their own scope."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.models import AuditEntry
from apps.core.scope import Level, Role, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.models import CustomReport
from tests.accounts.factories import join, make_user
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]

DEFINITION: dict[str, Any] = {
    "title": "Litigation by client",
    "question": "Who brings the litigation?",
    "period": "2025-03",
    "groupings": ["client", "matter"],
    "tables": [
        {
            "key": "clients",
            "title": "Clients",
            "columns": ["recorded_hours.total", "collected"],
            "group_by": ["client"],
            "filters": {"practice_area": ["none", "31"]},
            "sort": "-collected.total",
            "chart": "bars",
        }
    ],
}


@pytest.fixture
def address(cast: Any) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/custom-reports"


@pytest.fixture
def kept(cast: Any, api: Client, address: str) -> Any:
    answer = api(cast.colleague).post(address, DEFINITION, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def changed(**table: Any) -> dict[str, Any]:
    definition = copy.deepcopy(DEFINITION)
    definition["tables"][0] |= table
    return definition


def test_keeps_what_was_declared(kept: Any, cast: Any, api: Client, address: str) -> None:
    answer = api(cast.colleague).get(f"{address}/{kept['id']}")

    assert answer.json() == kept
    assert answer.headers["ETag"] == '"report-1"'
    assert (kept["version"], kept["is_own"], kept["is_shared"]) == (1, True, False)
    assert kept["definition"]["tables"][0]["filters"] == {"practice_area": ["none", "31"]}
    assert kept["definition"]["tables"][0]["sort"] == "-collected.total"


def test_a_word_kept_before_words_were_checked_still_runs(
    kept: Any, cast: Any, api: Client, address: str, build: Callable[..., Any]
) -> None:
    build(golden("march"))
    with tenant(cast.firm.firm_id):
        row = CustomReport.objects.get(firm_id=cast.firm.firm_id)
        row.definition["tables"][0] |= {"filters": {"method": ["Cash"]}, "columns": ["collected"]}
        row.save(update_fields=["definition"])

    answer = api(cast.colleague).get(f"{address}/{kept['id']}/answer")
    again = api(cast.colleague).put(
        f"{address}/{kept['id']}", changed(filters={"method": ["Cash"]}, columns=["collected"]), format="json"
    )

    assert (answer.status_code, answer.json()["tables"][0]["answer"]["row_count"]) == (200, 0)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (400, "/tables/0/filters")


def test_runs_it(kept: Any, cast: Any, api: Client, address: str, build: Callable[..., Any]) -> None:
    build(golden("march"))

    body = api(cast.colleague).get(f"{address}/{kept['id']}/answer").json()

    (table,) = body["tables"]
    assert body["report"]["title"] == "Litigation by client"
    assert table["answer"]["period"]["starts_on"] == "2025-03-01"
    assert [column["key"] for column in table["answer"]["columns"]][:2] == ["recorded_hours.total", "collected.fees"]
    assert table["answer"]["total"]["figures"]["collected.total"] == "0.00"  # no area has the id 31


def test_nobody_else_sees_it_until_it_is_shared(kept: Any, cast: Any, api: Client, address: str) -> None:
    report = f"{address}/{kept['id']}"

    assert api(cast.owner).get(address).json() == []
    for way in (report, f"{report}/answer", f"{report}/versions"):
        assert api(cast.owner).get(way).status_code == 404
    assert api(cast.owner).put(report, DEFINITION, format="json").status_code == 404

    shared = api(cast.colleague).put(report, {**DEFINITION, "is_shared": True}, format="json")

    assert shared.json()["version"] == 2
    (seen,) = api(cast.owner).get(address).json()
    assert (seen["id"], seen["is_own"]) == (kept["id"], False)
    assert api(cast.stranger).get(report).status_code == 404


def test_a_shared_report_is_run_in_the_readers_own_scope(
    cast: Any, api: Client, address: str, build: Callable[..., Any]
) -> None:
    build(golden("march"))
    definition = {**changed(filters={}), "is_shared": True}
    report = api(cast.owner).post(address, definition, format="json").json()
    member = make_user("own@example.com")
    join(member, cast.firm, scope=ScopeKind.SELF, clio_user_id=999)

    whole, own = (
        api(person).get(f"{address}/{report['id']}/answer").json()["tables"][0]["answer"]
        for person in (cast.owner, member)
    )

    assert whole["total"]["figures"]["collected.total"] == "1850.00"
    assert own["rows"] == []


def test_others_do_not_change_it_but_administrators_do(kept: Any, cast: Any, api: Client, address: str) -> None:
    report = f"{address}/{kept['id']}"
    api(cast.colleague).put(report, {**DEFINITION, "is_shared": True}, format="json")
    member = make_user("member@example.com")
    join(member, cast.firm)

    refused = api(member).put(report, {**changed(title="Mine"), "is_shared": True}, format="json")
    not_removed = api(member).delete(report)
    done = api(cast.owner).put(report, {**changed(title="Ours"), "is_shared": True}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (403, "reports.not_your_report")
    assert not_removed.status_code == 403
    assert (done.status_code, done.json()["version"]) == (200, 3)


def test_keeps_every_version_and_a_change_that_changes_nothing_is_none(
    kept: Any, cast: Any, api: Client, address: str
) -> None:
    report = f"{address}/{kept['id']}"
    api(cast.colleague).put(report, changed(title="Second"), format="json")
    again = api(cast.colleague).put(report, changed(title="Second"), format="json")

    versions = api(cast.colleague).get(f"{report}/versions").json()

    assert again.json()["version"] == 2
    assert [(each["version"], each["definition"]["tables"][0]["title"]) for each in versions] == [
        (2, "Second"),
        (1, "Clients"),
    ]


def test_does_not_overwrite_what_changed_in_the_meantime(kept: Any, cast: Any, api: Client, address: str) -> None:
    report, person = f"{address}/{kept['id']}", api(cast.colleague)
    person.put(report, changed(title="First"), format="json", headers={"If-Match": '"report-1"'})

    late = person.put(report, changed(title="Late"), format="json", headers={"If-Match": '"report-1"'})
    odd = person.put(report, changed(title="Odd"), format="json", headers={"If-Match": "1"})

    assert (late.status_code, late.json()["code"]) == (412, "reports.report_changed")
    assert (odd.status_code, odd.json()["errors"][0]["pointer"]) == (400, "/headers/If-Match")
    assert person.get(report).json()["definition"]["tables"][0]["title"] == "First"


def test_removes_it_with_its_versions(kept: Any, cast: Any, api: Client, address: str) -> None:
    report = f"{address}/{kept['id']}"

    assert api(cast.colleague).delete(report).status_code == 204

    assert api(cast.colleague).get(f"{report}/versions").status_code == 404
    assert api(cast.colleague).delete(report).status_code == 404


@pytest.mark.parametrize(
    ("definition", "pointer", "code"),
    [
        (changed(columns=["nothing.total"]), "/tables/0/columns", "unknown_metric"),
        (changed(columns=["collected.nothing"]), "/tables/0/columns", "unknown_column"),
        (changed(columns=["utilization.rate"]), "/tables/0/group_by", "meaningless_combination"),
        (changed(group_by=["client", "client"]), "/tables/0/group_by", "invalid"),
        (changed(details=["bill.due_on"]), "/tables/0/details", "unknown_detail"),
        (changed(sort="billed.total"), "/tables/0/sort", "unknown_column"),
        (changed(period="someday"), "/tables/0/period", "invalid_period"),
        (changed(filters={"method": ["card"]}), "/tables/0/filters", "meaningless_combination"),
        (changed(filters={"matter": ["abc"]}), "/tables/0/filters", "no_id"),
        (changed(filters={"weather": ["1"]}), "/tables/0/filters", "unknown"),
        (changed(filters=[]), "/tables/0/filters", "no_object"),
        ({**DEFINITION, "period": "2025-13"}, "/period", "invalid_period"),
        ({**DEFINITION, "tables": DEFINITION["tables"] * 2}, "/tables", "not_unique"),
        ({**DEFINITION, "tables": []}, "/tables", "empty"),
        ({**DEFINITION, "title": ""}, "/title", "blank"),
        ({**DEFINITION, "groupings": ["client", "bank_account"]}, "/groupings", "meaningless_combination"),
    ],
)
def test_names_what_is_wrong_with_it(
    cast: Any, api: Client, address: str, definition: dict[str, Any], pointer: str, code: str
) -> None:
    answer = api(cast.owner).post(address, definition, format="json")

    assert answer.status_code == 400
    assert (pointer, code) in {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    assert api(cast.owner).get(address).json() == []


def test_takes_no_figure_its_author_may_not_see(cast: Any, api: Client, address: str) -> None:
    member = make_user("member@example.com")
    join(member, cast.firm)

    answer = api(member).post(address, changed(columns=["effective_rate.billed"]), format="json")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/tables/0/columns")


def test_an_adviser_who_may_only_read_makes_none(cast: Any, api: Client, address: str) -> None:
    adviser = make_user("adviser@example.com")
    join(adviser, cast.firm, role=Role.CONSULTANT, level=Level.READ_ONLY)

    assert api(adviser).post(address, DEFINITION, format="json").status_code == 403


def test_the_same_post_twice_is_one_report(cast: Any, api: Client, address: str) -> None:
    key = {"Idempotency-Key": "a"}
    first, second = (api(cast.owner).post(address, DEFINITION, format="json", headers=key) for _ in range(2))

    assert first.json()["id"] == second.json()["id"]
    assert len(api(cast.owner).get(address).json()) == 1


def trail(cast: Any) -> list[tuple[str, int | None, Any]]:
    """Return act, actor and details of what happened to reports."""
    with tenant(cast.firm.firm_id):
        found = AuditEntry.objects.filter(firm_id=cast.firm.firm_id, action__startswith="reports.custom_report_")
        return [(each.action.rpartition("_")[2], each.user_id, each.details) for each in found.order_by("pk")]


def test_the_trail_keeps_what_a_shared_report_was_when_it_is_gone(
    kept: Any, cast: Any, api: Client, address: str
) -> None:
    path, shared = f"{address}/{kept['id']}", {**DEFINITION, "is_shared": True}
    api(cast.colleague).put(path, shared, format="json")
    api(cast.owner).put(path, {**shared, "title": "All clients", "period": "2025-02"}, format="json")
    api(cast.owner).delete(path)

    made, offered, changed_, removed = trail(cast)

    assert made[:2] == ("created", cast.colleague.pk)
    assert made[2].keys() == {"version", "is_shared", "owner_id"}
    assert (offered[:2], "before" in offered[2]) == (("changed", cast.colleague.pk), False)
    assert offered[2]["after"]["title"] == DEFINITION["title"]
    assert changed_[:2] == ("changed", cast.owner.pk)
    assert (changed_[2]["before"]["title"], changed_[2]["after"]["title"]) == (DEFINITION["title"], "All clients")
    assert changed_[2]["before"]["definition"]["period"] == "2025-03"
    assert changed_[2]["after"]["definition"]["period"] == "2025-02"
    assert removed[:2] == ("removed", cast.owner.pk)
    assert removed[2]["before"] == changed_[2]["after"]
    assert (removed[2]["owner_id"], removed[2]["version"]) == (cast.colleague.pk, 3)


def test_what_nobody_else_sees_is_not_told_by_the_trail(kept: Any, cast: Any, api: Client, address: str) -> None:
    api(cast.colleague).put(f"{address}/{kept['id']}", {**DEFINITION, "title": "Mine alone"}, format="json")
    api(cast.colleague).delete(f"{address}/{kept['id']}")

    assert [(act, {"before", "after"} & details.keys()) for act, _, details in trail(cast)] == [
        ("created", set()),
        ("changed", set()),
        ("removed", set()),
    ]
