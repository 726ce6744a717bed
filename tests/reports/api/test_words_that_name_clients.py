"""From whom a firm hides its clients' names, no words of reports tell them: names made up, notes, numbers of bills.

Every metric by every dimension with every detail, every explanation and worklist, and reports of the firm's own.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.access import Extra
from apps.core.client_names import shown_bill_number, shown_made_up_name
from apps.core.scope import Level, Role, Scope, ScopeKind
from apps.reports.metrics.catalogue import RESTATED
from apps.reports.queries.details import list_details
from apps.reports.queries.quality.checks import CHECKS
from apps.reports.standard.catalogue import REPORTS
from tests.accounts.factories import join, make_user
from tests.reports.closing import close
from tests.reports.conftest import Records, golden

pytestmark = pytest.mark.django_db
NAME = "Quackenbush"
PERIOD = {"period": "2025-01-01..2025-03-31"}
Client = Callable[[Any], APIClient]


def named_after_clients() -> Records:
    """Return the golden March in which people wrote a client's name wherever they may write."""
    records = golden("march")
    for kind, fields in {
        "contacts": ("name", "first_name", "last_name"),
        "matters": ("display_number", "description", "custom_number", "client_reference"),
        "activities": ("note", "reference"),
        "line_items": ("description", "note"),
        "bills": ("number", "subject", "memo"),
        "allocations": ("description",),
        "credit_memos": ("description",),
    }.items():
        for record in records[kind]:
            record.update(dict.fromkeys(fields, f"{NAME} {record['id']}"))
    for matter in records["matters"]:
        matter["group"] = {"id": 61, "name": f"{NAME} team"}
    records["activities"][0] |= {"total": 0, "price": 0, "bill": None, "on_bill": False}
    records["bills"].append({**records["bills"][0], "id": 2999, "due_at": "2025-03-01", "total": 1, "due": 1})
    records["bank_accounts"] = [{"id": 91, "type": "Trust", "name": f"{NAME} IOLTA", "currency": "USD", "balance": 5}]
    records["bank_transactions"] = [
        {
            "id": 9100,
            "date": "2025-02-03",
            "amount": 250,
            "funds_in": 250,
            "funds_out": 0,
            "source": f"{NAME} senior",
            "description": f"from {NAME}",
            "bank_account": {"id": 91, "type": "Trust"},
            "matter": {"id": 301},
            "client": {"id": 201},
        }
    ]
    return records


@pytest.fixture
def outsider(cast: Any, build: Callable[..., Any], settings: Any) -> Any:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    build(named_after_clients())
    close(cast, ["2025-01", "2025-02", "2025-03"], datetime(2025, 4, 30, 12, tzinfo=UTC))
    person = make_user("Connie Sultant")
    join(person, cast.firm, role=Role.CONSULTANT, level=Level.FULL, hides_client_names=True)
    return person


@pytest.fixture
def shared(cast: Any, api: Client, outsider: Any) -> str:
    """A report of a colleague's, in whose every word a client is named; its id."""
    made = api(cast.owner).post(
        f"/api/v1/firms/{cast.firm.public_id}/custom-reports",
        {
            "title": f"All of {NAME}",
            "question": f"What does {NAME} owe?",
            "period": "2025-03",
            "is_shared": True,
            "tables": [
                {"key": f"{NAME.lower()}-bills", "title": f"{NAME}'s", "columns": ["billed.total"],
                 "group_by": ["bill"], "details": ["bill.payer"]},
                {"key": "more", "title": f"More of {NAME}", "columns": ["collected"]},
            ],
        },
        format="json",
    )  # fmt: skip
    assert made.status_code == 201, made.json()
    public_id: str = made.json()["id"]
    return public_id


def questions() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the path and parameters of everything that may be asked."""
    details = [each.key for each in list_details()]
    for metric in RESTATED:
        for dimension in sorted(metric.dims):
            told = ",".join(name for name in details if name.startswith(f"{dimension}."))
            asked = {"metrics": metric.name, "dimensions": dimension.value, **PERIOD}
            yield "query", asked | ({"details": told} if told else {})
        for item in metric.items:
            yield "explain", {"item": f"{metric.name}.{item}", "page_size": "100", **PERIOD}
    for check in CHECKS:
        yield f"data-quality/{check.key}", {"page_size": "100"}
    for report in (each for each in REPORTS if each.tables):
        yield f"reports/{report.key}", PERIOD
    yield "data-quality", {}
    yield "forecast", {}
    yield "reports/overview", PERIOD


def test_no_answer_names_a_hidden_client(cast: Any, api: Client, outsider: Any, shared: str) -> None:
    own: list[tuple[str, dict[str, str]]] = [
        (f"custom-reports/{shared}{more}", {}) for more in ("", "/answer", "/versions")
    ]
    base, told, seen = f"/api/v1/firms/{cast.firm.public_id}", [], 0
    theirs, owners = api(outsider), api(cast.owner)

    for path, asked in [*questions(), ("custom-reports", {}), *own]:
        answer = theirs.get(f"{base}/{path}", asked)
        assert answer.status_code == 200, (path, asked, answer.content)
        told += [(path, asked)] if NAME.lower() in answer.content.decode().lower() else []
        if path in ("query", "explain") and asked.get("dimensions") in (None, "bill", "bank_account", "group"):
            seen += NAME in owners.get(f"{base}/{path}", asked).content.decode()

    assert told == []
    assert seen > 50


def test_stand_ins_tell_things_apart(cast: Any, api: Client, outsider: Any) -> None:
    scope = Scope(cast.firm.firm_id, ScopeKind.WHOLE_FIRM, hides_client_names=True)
    address = f"/api/v1/firms/{cast.firm.public_id}/query"

    def labels(metric: str, dimension: str) -> dict[str, str]:
        rows = api(outsider).get(address, {"metrics": metric, "dimensions": dimension, **PERIOD}).json()["rows"]
        return {row["keys"][0]: row["labels"][0] for row in rows}

    assert labels("trust_balance", "bank_account") == {
        "91": shown_made_up_name(scope=scope, what="account", its_id=91, name="")
    }
    assert labels("billed", "bill")["2001"] == shown_bill_number(scope=scope, bill_id=2001, number=f"{NAME} 2001")
    assert re.fullmatch(r"Bill [0-9A-F]{8}", labels("billed", "bill")["2001"])
    assert re.fullmatch(r"Group [0-9A-F]{8}", labels("matters", "group")["61"])


@pytest.mark.parametrize("number", ["2041", "INV-2041", "I1", "2025/17", "No. 5", "#77", "bill 12"])
def test_a_plain_number_of_a_bill_stays(number: str) -> None:
    scope = Scope(1, ScopeKind.WHOLE_FIRM, hides_client_names=True)

    assert shown_bill_number(scope=scope, bill_id=7, number=number) == number


@pytest.mark.parametrize("number", ["Quackenbush 7", "7 Quackenbush", "IBM-1", "INV-7-Doe", "Doe", "7\nDoe"])
def test_a_number_with_words_does_not(number: str) -> None:
    scope = Scope(1, ScopeKind.WHOLE_FIRM, hides_client_names=True)

    assert re.fullmatch(r"Bill [0-9A-F]{8}", shown_bill_number(scope=scope, bill_id=7, number=number))
    assert shown_bill_number(scope=Scope.whole_firm(1), bill_id=7, number=number) == number


def test_a_report_of_others_has_a_number_and_runs_all_the_same(
    cast: Any, api: Client, outsider: Any, shared: str
) -> None:
    base = f"/api/v1/firms/{cast.firm.public_id}/custom-reports"

    (listed,) = api(outsider).get(base).json()
    one = api(outsider).get(f"{base}/{shared}/answer", {"table": "table_2"}).json()

    assert re.fullmatch(r"Report [0-9A-F]{8}", listed["definition"]["title"])
    assert listed["definition"]["question"] == ""
    assert [(table["key"], table["title"]) for table in listed["definition"]["tables"]] == [
        ("table_1", "Table 1"),
        ("table_2", "Table 2"),
    ]
    assert [table["table"]["key"] for table in one["tables"]] == ["table_2"]
    assert one["report"]["title"] == listed["definition"]["title"]
    assert api(outsider).get(f"{base}/{shared}/answer", {"table": "more"}).status_code == 400


def test_ones_own_report_keeps_ones_own_words(cast: Any, api: Client, outsider: Any) -> None:
    member = make_user()
    join(member, cast.firm, hides_client_names=True, permissions=[Extra.NAMES])
    base = f"/api/v1/firms/{cast.firm.public_id}/custom-reports"
    table = {"key": "mine", "title": "Mine", "columns": ["billed.total"]}

    made = api(member).post(base, {"title": "My own", "tables": [table]}, format="json").json()

    assert (made["definition"]["title"], made["definition"]["tables"][0]["key"]) == ("My own", "mine")
    assert api(member).get(f"{base}/{made['id']}").json() == made
