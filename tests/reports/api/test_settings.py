"""What a firm keeps: its rules and tables, row by row and as files."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Membership
from apps.core.models import AuditEntry, Job
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from apps.reports import models
from apps.reports.queries.kept import ledger_settings_version, settings_version
from apps.reports.rules.kept_tables import TABLES
from tests.accounts.factories import join, make_user, signed_in_client
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]
ADA, BEN = 101, 102
COST = {"timekeeper_id": ADA, "starts_on": "2025-01-01", "pay": "187200", "expected_hours": "1560"}


class Settings:
    """A firm's settings as its owner reaches them."""

    def __init__(self, client: APIClient, firm: Any) -> None:
        self.client, self.firm = client, firm
        self.root = f"/api/v1/firms/{firm.public_id}/settings"

    def get(self, path: str, **parameters: Any) -> Any:
        return self.client.get(f"{self.root}/{path}", parameters)

    def save(self, table: str, *rows: Any, etag: str = "", **more: Any) -> Any:
        headers = {"If-Match": etag} if etag else {}
        return self.client.post(f"{self.root}/{table}", {"rows": list(rows), **more}, format="json", headers=headers)

    def send(self, method: str, path: str, body: Any = None, etag: str = "") -> Any:
        headers = {"If-Match": etag} if etag else {}
        return self.client.generic(
            method, f"{self.root}/{path}", "" if body is None else body, "application/json", headers=headers
        )

    def upload(self, table: str, text: str | bytes, query: str = "") -> Any:
        content = text.encode() if isinstance(text, str) else text
        return self.client.post(f"{self.root}/{table}/file{query}", content, content_type="text/csv")

    def rows(self, table: str, **parameters: Any) -> list[Any]:
        found: list[Any] = self.get(table, **parameters).json()["results"]
        return found


@pytest.fixture
def kept(cast: Any, api: Client, build: Callable[..., Any], settings: Any) -> Settings:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    records = golden("march")
    records["practice_areas"] += [{**records["practice_areas"][0], "id": 402, "name": "Disputes"}]
    build(records)
    return Settings(api(cast.owner), cast.firm)


def trail(firm: Any, action: str) -> list[Any]:
    with tenant(firm.firm_id):
        return list(AuditEntry.objects.filter(firm_id=firm.firm_id, action=action).order_by("pk"))


def faults(answer: Any) -> dict[str, str]:
    return {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}


def test_a_firm_begins_with_the_rules_of_the_definitions(kept: Settings) -> None:
    answer = kept.get("rules")

    assert answer.json() == {
        "payment_allocation": "proportional",
        "aging_basis": "due",
        "counts_no_charge_as_billable": False,
        "capacity_basis": "calendar",
        "leaderboard_names": "shown",
        "leaderboard_minimum_hours": "10.00",
        "minimum_people": 4,
        "version": 0,
    }
    assert answer["ETag"] == '"rules-0"'


def test_a_rule_is_changed_and_recorded(cast: Any, kept: Settings) -> None:
    answer = kept.send("PATCH", "rules", '{"aging_basis": "issued"}', etag='"rules-0"')

    assert (answer.status_code, answer.json()["aging_basis"], answer.json()["version"]) == (200, "issued", 1)
    (entry,) = trail(cast.firm, "reports.rules_changed")
    assert entry.user_id == cast.owner.pk
    assert (entry.details["before"], entry.details["after"]) == ({"aging_basis": "due"}, {"aging_basis": "issued"})


def test_setting_what_is_set_changes_nothing(cast: Any, kept: Settings) -> None:
    answer = kept.send("PATCH", "rules", '{"aging_basis": "due"}')

    assert answer.json()["version"] == 0
    assert trail(cast.firm, "reports.rules_changed") == []


def test_a_stale_version_is_refused(kept: Settings) -> None:
    kept.send("PATCH", "rules", '{"aging_basis": "issued"}')

    answer = kept.send("PATCH", "rules", '{"aging_basis": "due"}', etag='"rules-0"')

    assert (answer.status_code, answer.json()["code"]) == (412, "reports.settings_changed")
    assert kept.get("rules").json()["aging_basis"] == "issued"


@pytest.mark.parametrize("etag", ["rules-0", '"cost_rates-0"', '"rules-x"'])
def test_a_version_that_is_none_is_refused(kept: Settings, etag: str) -> None:
    answer = kept.send("PATCH", "rules", "{}", etag=etag)

    assert (answer.status_code, faults(answer)) == (400, {"/headers/If-Match": "invalid_etag"})


def test_another_spreading_asks_for_a_rebuild(cast: Any, kept: Settings) -> None:
    with tenant(cast.firm.firm_id):
        Job.objects.filter(firm_id=cast.firm.firm_id).delete()
        before = ledger_settings_version(firm_id=cast.firm.firm_id)

    kept.send("PATCH", "rules", '{"minimum_people": 5}')
    with tenant(cast.firm.firm_id):
        assert ledger_settings_version(firm_id=cast.firm.firm_id) == before
    kept.send("PATCH", "rules", '{"payment_allocation": "oldest_first"}')

    with tenant(cast.firm.firm_id):
        assert ledger_settings_version(firm_id=cast.firm.firm_id) == before + 1
        assert Job.objects.filter(firm_id=cast.firm.firm_id, name="reports.rebuild_ledger").count() == 1


def test_rows_are_added_and_replaced_by_their_key(cast: Any, kept: Settings) -> None:
    first = kept.save("cost-rates", COST, {**COST, "timekeeper_id": BEN, "benefits": 10})
    second = kept.save("cost-rates", {**COST, "pay": "200000"})

    assert (first.json()["added"], first.json()["version"], first["ETag"]) == (2, 1, '"cost_rates-1"')
    assert (second.json()["changed"], second.json()["added"]) == (1, 0)
    assert {row["timekeeper"]: row["pay"] for row in kept.rows("cost-rates")} == {
        "Ada Archer": "200000",
        "Ben Brook": "187200",
    }
    with tenant(cast.firm.firm_id):
        stored = models.CostRate.objects.get(timekeeper_id=ADA)
        assert str(stored.hourly) == "128.205128"
        assert settings_version(firm_id=cast.firm.firm_id) == 2
    changed = trail(cast.firm, "reports.kept_table_changed")[1]
    assert changed.target == "settings:cost_rates"
    assert [[side["pay"] for side in sides] for sides in changed.details["rows"]] == [["withheld", "withheld, changed"]]


def test_the_same_rows_again_change_nothing(cast: Any, kept: Settings) -> None:
    kept.save("cost-rates", COST)

    answer = kept.save("cost-rates", COST)

    assert (answer.json()["unchanged"], answer.json()["version"]) == (1, 1)
    assert len(trail(cast.firm, "reports.kept_table_changed")) == 1


def test_a_row_is_replaced_changed_and_removed(kept: Settings) -> None:
    kept.save("cost-rates", COST)
    (row,) = kept.rows("cost-rates")

    patched = kept.send("PATCH", f"cost-rates/{row['id']}", '{"starts_on": "2025-02-01"}')
    assert patched.json()["changes"][0]["after"]["starts_on"] == "2025-02-01"
    assert [(each["id"], each["pay"]) for each in kept.rows("cost-rates")] == [(row["id"], "187200")]

    replaced = kept.send("PUT", f"cost-rates/{row['id']}", '{"timekeeper_id": 101}')
    assert faults(replaced) == {"/starts_on": "required", "/pay": "required", "/expected_hours": "required"}

    removed = kept.send("DELETE", f"cost-rates/{row['id']}", etag='"cost_rates-2"')
    assert (removed.status_code, kept.rows("cost-rates")) == (204, [])
    assert kept.send("DELETE", f"cost-rates/{row['id']}").json()["code"] == "reports.kept_row_not_found"


def test_a_row_may_not_become_one_that_is_there(kept: Settings) -> None:
    kept.save("cost-rates", COST, {**COST, "starts_on": "2025-06-01"})
    (later,) = [row for row in kept.rows("cost-rates") if row["starts_on"] == "2025-06-01"]

    answer = kept.send("PATCH", f"cost-rates/{later['id']}", '{"starts_on": "2025-01-01"}')

    assert (answer.status_code, faults(answer)) == (400, {"/timekeeper_id": "exists"})


def test_every_fault_is_named_and_nothing_is_changed(kept: Settings) -> None:
    answer = kept.save(
        "cost-rates",
        COST,
        {**COST, "timekeeper_id": 999, "starts_on": "2025-02-30", "pay": "-1", "expected_hours": "0", "wage": 1},
        COST,
    )

    assert answer.json()["code"] == "reports.kept_rows_not_valid"
    assert faults(answer) == {
        "/rows/1/wage": "unknown_column",
        "/rows/1/starts_on": "invalid_date",
        "/rows/1/pay": "out_of_range",
        "/rows/1/expected_hours": "out_of_range",
        "/rows/1/timekeeper_id": "unknown_id",
        "/rows/2/timekeeper_id": "twice",
    }
    assert kept.rows("cost-rates") == []


def test_a_dry_run_tells_and_changes_nothing(cast: Any, kept: Settings) -> None:
    answer = kept.save("cost-rates", COST, dry_run=True)

    assert (answer.json()["dry_run"], answer.json()["added"], answer.json()["version"]) == (True, 1, 0)
    assert kept.rows("cost-rates") == []
    assert trail(cast.firm, "reports.kept_table_changed") == []


def test_only_the_rows_that_hold_on_a_day(kept: Settings) -> None:
    kept.save("cost-rates", COST, {**COST, "starts_on": "2025-06-01"}, {**COST, "timekeeper_id": BEN})

    found = kept.rows("cost-rates", on="2025-07-01")

    assert {(row["timekeeper_id"], row["starts_on"]) for row in found} == {(ADA, "2025-06-01"), (BEN, "2025-01-01")}
    assert len(kept.rows("cost-rates", timekeeper_id=ADA)) == 2
    assert kept.get("cost-rates", matter_id=1).status_code == 400


def split(percent: str, person: int = ADA, **more: Any) -> dict[str, Any]:
    return {
        "role": "originating",
        "matter_id": 301,
        "timekeeper_id": person,
        "starts_on": "2025-01-01",
        "percent": percent,
        **more,
    }


def test_a_matters_shares_add_up_to_a_hundred(kept: Settings) -> None:
    refused = kept.save("credit-splits", split("60"), split("30", BEN))
    taken = kept.save("credit-splits", split("60"), split("40", BEN))

    assert refused.json()["errors"] == [
        {
            "pointer": "/rows/1/percent",
            "detail": "The shares that hold on 2025-01-01 add up to 90, not to 100.",
            "code": "not_100",
        }
    ]
    assert taken.json()["added"] == 2
    (ben,) = [row for row in kept.rows("credit-splits") if row["timekeeper_id"] == BEN]
    assert kept.send("DELETE", f"credit-splits/{ben['id']}").json()["errors"][0]["pointer"] == "/rows"


def test_a_division_ends_and_another_begins(kept: Settings) -> None:
    answer = kept.save(
        "credit-splits",
        split("60", ends_on="2025-06-30"),
        split("40", BEN, ends_on="2025-06-30"),
        split("100", starts_on="2025-07-01", sunset_on="2026-06-30"),
    )

    assert answer.json()["added"] == 3
    assert [row["percent"] for row in kept.rows("credit-splits", on="2025-08-01")] == ["100"]


@pytest.mark.parametrize(
    ("table", "row", "pointer", "code"),
    [
        ("credit-splits", split("100", client_id=202), "/rows/0/matter_id", "one_of_two"),
        ("credit-splits", split("100", matter_id=None), "/rows/0/matter_id", "one_of_two"),
        ("credit-splits", split("100", ends_on="2024-01-01"), "/rows/0/ends_on", "before_start"),
        (
            "targets",
            {"month": "2025-03", "measure": "hours", "timekeeper_id": ADA, "amount": 100},
            "/rows/0/measure",
            "kept_elsewhere",
        ),
        (
            "targets",
            {"month": "2025-03", "measure": "hours", "currency": "USD", "amount": 100},
            "/rows/0/currency",
            "not_money",
        ),
        ("targets", {"month": "2025-3", "measure": "hours", "amount": 100}, "/rows/0/month", "invalid_date"),
        ("targets", {"month": "2025-03", "measure": "fees", "amount": 100}, "/rows/0/measure", "invalid_choice"),
        (
            "fee-splits",
            {"starts_on": "2025-01-01", "worked": 60, "originating": 30, "responsible": 20},
            "/rows/0/worked",
            "above_100",
        ),
        (
            "exchange-rates",
            {"on_date": "2025-01-01", "currency": "USD", "quote_currency": "USD", "rate": 1},
            "/rows/0/quote_currency",
            "same_currency",
        ),
        (
            "leaves",
            {"timekeeper_id": ADA, "starts_on": "2025-02-02", "ends_on": "2025-02-01"},
            "/rows/0/ends_on",
            "before_start",
        ),
        (
            "working-times",
            {"timekeeper_id": ADA, "starts_on": "2025-02-02", "working_days": [1, 1]},
            "/rows/0/working_days",
            "invalid_days",
        ),
        (
            "standard-rates",
            {"timekeeper_id": ADA, "starts_on": "2025-02-02", "rate": "300.005"},
            "/rows/0/rate",
            "too_precise",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(kept: Settings, table: str, row: Any, pointer: str, code: str) -> None:
    assert faults(kept.save(table, row)) == {pointer: code}


def test_spans_of_one_person_do_not_overlap(kept: Settings) -> None:
    answer = kept.save(
        "employments",
        {"timekeeper_id": ADA, "starts_on": "2020-01-01"},
        {"timekeeper_id": ADA, "starts_on": "2025-01-01"},
        {"timekeeper_id": BEN, "starts_on": "2025-01-01"},
    )

    assert faults(answer) == {"/rows/1/starts_on": "overlap"}


def test_a_file_is_taken_as_it_was_handed_out(cast: Any, kept: Settings) -> None:
    kept.save("cost-rates", COST, {**COST, "timekeeper_id": BEN})

    answer = kept.get("cost-rates/file")
    text = b"".join(answer.streaming_content).decode()

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert text == (
        "timekeeper_id,timekeeper,starts_on,pay,benefits,overhead,expected_hours\r\n"
        "101,Ada Archer,2025-01-01,187200,0,0,1560\r\n"
        "102,Ben Brook,2025-01-01,187200,0,0,1560\r\n"
    )
    again = kept.upload("cost-rates", text)
    assert (again.json()["unchanged"], again.json()["version"]) == (2, 1)
    assert [entry.target for entry in trail(cast.firm, "reports.kept_table_exported")] == ["settings:cost_rates"]


def test_a_file_may_name_people_and_speak_excel(kept: Settings) -> None:
    text = '\ufefftimekeeper;starts_on;pay;expected_hours\r\nADA ARCHER;2025-01-01;"187,200.00";1560\r\n\r\n'

    assert kept.upload("cost-rates", text).json()["added"] == 1
    assert kept.rows("cost-rates")[0]["timekeeper_id"] == ADA


def test_a_whole_file_removes_what_it_does_not_have(kept: Settings) -> None:
    kept.save("cost-rates", COST, {**COST, "timekeeper_id": BEN})
    text = "timekeeper_id,starts_on,pay,expected_hours\n101,2025-01-01,200000,1560\n"

    tried = kept.upload("cost-rates", text, "?mode=replace&dry_run=true").json()
    assert [(each["what"], (each["before"] or {}).get("pay")) for each in tried["changes"]] == [
        ("removed", "187200"),
        ("changed", "187200"),
    ]
    assert len(kept.rows("cost-rates")) == 2

    done = kept.upload("cost-rates", text, "?mode=replace").json()
    assert (done["removed"], done["changed"]) == (1, 1)
    assert [row["pay"] for row in kept.rows("cost-rates")] == ["200000"]


def test_every_fault_of_a_file_is_named_by_its_line(kept: Settings) -> None:
    text = (
        "timekeeper_id,timekeeper,starts_on,pay,expected_hours\n"
        '101,"Ada\nArcher",2025-01-01,abc,1560\n'
        ",Nobody Here,2025-01-01,1,1560\n"
        "\n"
        "101,,2025-13-01,1,9000\n"
    )

    answer = kept.upload("cost-rates", text)

    assert (answer.status_code, answer.json()["code"]) == (400, "reports.file_not_valid")
    assert [(fault["line"], fault["column"], fault["code"]) for fault in answer.json()["lines"]] == [
        (2, "pay", "invalid_number"),
        (4, "timekeeper", "unknown_name"),
        (4, "timekeeper_id", "required"),
        (6, "starts_on", "invalid_date"),
        (6, "expected_hours", "out_of_range"),
    ]
    assert kept.rows("cost-rates") == []


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "empty"),
        ("timekeeper_id,starts_on,pay\n", 1, "missing_column"),
        ("timekeeper_id,starts_on,pay,expected_hours,salary\n", 1, "unknown_column"),
        ("timekeeper_id,starts_on,pay,pay,expected_hours\n", 1, "twice"),
        ("timekeeper_id,starts_on,pay,expected_hours\n101,2025-01-01,1,1,1\n", 2, "too_many_cells"),
        ('timekeeper_id,starts_on,pay,expected_hours\n101,2025-01-01,"1,1\n', 2, "not_csv"),
        (b"timekeeper_id,starts_on,pay,expected_hours\n\xff\xfe\n", 2, "not_utf8"),
        (b"timekeeper_id,starts_on,pay,expected_hours\n1\x00\n", 2, "not_text"),
    ],
)
def test_what_is_no_table_is_refused(kept: Settings, text: str | bytes, line: int, code: str) -> None:
    answer = kept.upload("cost-rates", text)

    assert answer.status_code == 400
    assert [(fault["line"], fault["code"]) for fault in answer.json()["lines"]] == [(line, code)]


def test_a_name_that_begins_like_a_formula_is_no_formula_in_a_file(kept: Settings, cast: Any) -> None:
    with tenant(cast.firm.firm_id):
        models.LedgerPerson.objects.filter(timekeeper_id=ADA).update(name="=HYPERLINK(1)")
    kept.save("cost-rates", COST)

    text = b"".join(kept.get("cost-rates/file").streaming_content).decode()

    assert "101,'=HYPERLINK(1),2025-01-01" in text
    assert kept.upload("cost-rates", text.replace("101,'=", ",'=")).json()["unchanged"] == 1


@pytest.mark.every_case
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_takes_its_own_file(kept: Settings, table: Any) -> None:
    rows = {
        "targets": {"month": "2025-03", "measure": "billed", "practice_area_id": 401, "amount": "10000"},
        "cost_rates": COST,
        "standard_rates": {"timekeeper_id": ADA, "starts_on": "2025-01-01", "rate": "310.50"},
        "credit_splits": split("100"),
        "fee_splits": {"starts_on": "2025-01-01", "worked": "33.3333", "originating": "20"},
        "working_times": {"timekeeper_id": ADA, "starts_on": "2025-01-01", "fte": "0.5", "working_days": [1, 2, 3]},
        "employments": {"timekeeper_id": ADA, "starts_on": "2025-01-01", "ends_on": "2026-01-01"},
        "leaves": {"timekeeper_id": ADA, "starts_on": "2025-01-01", "ends_on": "2025-01-03"},
        "exchange_rates": {"on_date": "2025-01-01", "currency": "USD", "quote_currency": "CAD", "rate": "1.4375"},
        "merged_timekeepers": {"timekeeper_id": BEN, "main_timekeeper_id": ADA},
        "merged_practice_areas": {"practice_area_id": 402, "main_practice_area_id": 401},
    }
    if table.name == "targets":
        del rows["targets"]["practice_area_id"]
    assert kept.save(table.slug, rows[table.name]).json()["added"] == 1
    text = b"".join(kept.get(f"{table.slug}/file").streaming_content).decode()
    (row,) = kept.rows(table.slug)
    assert len(kept.rows(table.slug, on="2025-03-01")) == (0 if table.name == "leaves" else 1)

    assert kept.send("DELETE", f"{table.slug}/{row['id']}").status_code == 204
    assert kept.upload(table.slug, text).json()["added"] == 1

    assert {**kept.rows(table.slug)[0], "id": 0} == {**row, "id": 0}


def test_ten_thousand_lines_are_one_change(cast: Any, kept: Settings) -> None:
    pairs = [f"{a}{b}{c}" for a in "ABCDEFGHIJ" for b in "KLMNOPQRST" for c in "UVWXYZABCD"]
    text = "on_date,currency,quote_currency,rate\n" + "".join(
        f"2025-{month:02d}-01,{code},USD,1.5\n" for month in range(1, 11) for code in pairs
    )

    assert kept.upload("exchange-rates", text).json()["added"] == 10_000
    assert kept.upload("exchange-rates", text.replace(",1.5", ",1.6")).json()["changed"] == 10_000
    assert len(trail(cast.firm, "reports.kept_table_changed")) == 100


def test_a_file_of_another_kind_is_refused(kept: Settings) -> None:
    answer = kept.client.post(f"{kept.root}/cost-rates/file", {"rows": []}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (415, "core.unsupported_media_type")


def test_cost_is_read_with_its_permission_by_who_sees_the_whole_firm(cast: Any, api: Client, kept: Settings) -> None:
    kept.save("cost-rates", COST)

    def read(**place: Any) -> Any:
        person = make_user()
        join(person, cast.firm, **place)
        return Settings(api(person), cast.firm).get("cost-rates")

    assert read().status_code == 403
    assert read(permissions=["cost_and_profit"], scope=ScopeKind.SELF, clio_user_id=5).status_code == 403
    seen = read(permissions=["cost_and_profit"])
    assert (seen.status_code, seen.json()["results"][0]["timekeeper"]) == (200, None)
    named = read(permissions=["cost_and_profit", "names"])
    assert named.json()["results"][0]["timekeeper"] == "Ada Archer"


def test_another_firm_sees_nothing(cast: Any, api: Client, kept: Settings) -> None:
    kept.save("cost-rates", COST)
    (row,) = kept.rows("cost-rates")
    stranger = Settings(api(cast.stranger), cast.firm)
    own = Settings(api(cast.stranger), cast.strangers_firm)

    assert stranger.get("cost-rates").status_code == 404
    assert own.rows("cost-rates") == []
    assert own.send("DELETE", f"cost-rates/{row['id']}").json()["code"] == "reports.kept_row_not_found"
    assert len(kept.rows("cost-rates")) == 1


def test_an_admin_who_was_made_a_member_changes_nothing(cast: Any, api: Client, kept: Settings) -> None:
    person = make_user()
    member = join(person, cast.firm)
    with tenant(cast.firm.firm_id):
        Membership.objects.filter(pk=member.pk).update(permissions=["cost_and_profit", "rates", "names"])

    answer = Settings(api(person), cast.firm).save("cost-rates", COST)

    assert (answer.status_code, kept.rows("cost-rates")) == (403, [])


def test_what_is_kept_is_a_part_of_every_answers_version(cast: Any, kept: Settings) -> None:
    address = f"/api/v1/firms/{cast.firm.public_id}/query"
    asked = {"metrics": "target_attainment,plan_variance", "period": "2025-03"}

    def tag() -> str:
        return str(kept.client.get(address, asked)["ETag"])

    seen = [tag()]
    kept.save("targets", {"month": "2025-03", "measure": "hours", "amount": "100"})
    seen.append(tag())
    kept.send("PATCH", "rules", '{"counts_no_charge_as_billable": true}')
    seen.append(tag())
    kept.client.post(
        f"/api/v1/firms/{cast.firm.public_id}/target-hours",
        {"timekeeper_id": ADA, "from_month": "2025-03", "monthly_hours": "100"},
        format="json",
    )
    seen.append(tag())

    assert len(set(seen)) == 4
    assert tag() == seen[-1]


def test_what_people_earn_asks_for_the_second_factor_anew(cast: Any, kept: Settings) -> None:
    kept.save("cost-rates", COST)
    (row,) = kept.rows("cost-rates")
    stale = Settings(signed_in_client(cast.owner, second_factor=False), cast.firm)

    answers = [
        stale.get("cost-rates"),
        stale.get("cost-rates/file"),
        stale.save("cost-rates", COST, dry_run=True),
        stale.upload("cost-rates", "timekeeper_id,starts_on,pay,expected_hours\n", "?dry_run=true"),
        stale.send("PATCH", f"cost-rates/{row['id']}", '{"overhead": "1"}'),
        stale.send("PUT", f"cost-rates/{row['id']}", "{}"),
        stale.send("DELETE", f"cost-rates/{row['id']}"),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "core.step_up_needed")}
    assert trail(cast.firm, "reports.kept_table_exported") == []
    assert stale.get("standard-rates").status_code == stale.get("targets/file").status_code == 200
    assert kept.get("cost-rates/file").status_code == 200


def test_the_trail_tells_that_pay_changed_and_not_what_it_is(cast: Any, api: Client, kept: Settings) -> None:
    kept.save("cost-rates", COST)
    kept.save("cost-rates", {**COST, "benefits": "54321"})
    (row,) = kept.rows("cost-rates")
    kept.send("PATCH", f"cost-rates/{row['id']}", '{"expected_hours": "1700"}')
    kept.send("DELETE", f"cost-rates/{row['id']}")
    kept.save("standard-rates", {"timekeeper_id": ADA, "starts_on": "2025-01-01", "rate": "333"})

    told = [entry.details["rows"][0] for entry in trail(cast.firm, "reports.kept_table_changed")]
    made, raised, relieved, removed, rate = told

    def pay(side: Any) -> list[str]:
        return [side[name] for name in ("timekeeper_id", "pay", "benefits", "overhead", "expected_hours")]

    assert (made[0], pay(made[1])) == (None, ["101", *["withheld"] * 3, "1560"])
    assert pay(raised[1]) == ["101", "withheld", "withheld, changed", "withheld", "1560"]
    assert (pay(relieved[0])[-1], pay(relieved[1])) == ("1560", ["101", *["withheld"] * 3, "1700"])
    assert (pay(removed[0]), removed[1]) == (["101", *["withheld"] * 3, "1700"], None)
    assert rate[1]["rate"] == "333"
    shown = api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/audit").content
    assert b"kept_table_changed" in shown
    assert [amount for amount in (b"187200", b"54321") if amount in shown] == []
