"""Single records in answers: told by what people know them by, with their ids beside, and no name too much."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.access import Extra
from tests.accounts.factories import join, make_user
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]


def _moved(transaction_id: int, **more: Any) -> dict[str, Any]:
    plain = {"id": transaction_id, "date": "2025-03-03", "amount": 0, "funds_in": 0, "funds_out": 0}
    return plain | {"source": "", "description": "", "bank_account": {"id": 91, "type": "Trust"}} | more


@pytest.fixture
def ask(cast: Any, api: Client, build: Callable[..., Any]) -> Callable[..., Any]:
    records = golden("march")
    records["bank_accounts"] = [{"id": 91, "type": "Trust", "name": "IOLTA", "currency": "USD", "balance": 150}]
    records["bank_transactions"] = [
        _moved(9100, funds_in=250, matter={"id": 301}),
        _moved(9101, funds_out=100, client={"id": records["contacts"][0]["id"]}),
    ]
    build(records)

    def send(place: str, who: Any = None, **parameters: str) -> Any:
        address = f"/api/v1/firms/{cast.firm.public_id}/{place}"
        answer = api(who or cast.owner).get(address, {"period": "2025-03", **parameters})
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return send


def test_an_allocation_is_told_by_kind_day_and_bill(ask: Callable[..., Any]) -> None:
    details = "allocation.settled_on,allocation.bill"
    answer = ask("query", metrics="collected", dimensions="allocation", details=details)

    assert answer["rows"]
    for row in answer["rows"]:
        day, bill = row["details"]["allocation.settled_on"], row["details"]["allocation.bill"]
        assert row["labels"] == [f"Payment {day}, bill {bill}"]
        assert row["keys"][0].isdigit()


def test_an_allocation_set_beside_only_is_told_too(ask: Callable[..., Any]) -> None:
    answer = ask("query", metrics="collected", dimensions="allocation", period="2025-04", compare="prior_period")

    assert answer["rows"]
    assert all(row["labels"][0].startswith("Payment 2025-03-") for row in answer["rows"])


def test_a_trust_transaction_is_told_by_kind_day_and_matter(ask: Callable[..., Any]) -> None:
    answer = ask("query", metrics="trust_movements", dimensions="transaction", details="transaction.matter")

    assert answer["rows"]
    for row in answer["rows"]:
        words, _, matter = row["labels"][0].partition(", ")
        assert words.startswith(("Trust deposit 2025-03-", "Trust withdrawal 2025-03-"))
        assert matter == (row["details"]["transaction.matter"] or "")


def test_a_code_is_told_by_what_the_firm_uses_it_for(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    records = golden("march")
    for place, name in enumerate(("Drafting", "Research")):
        description = {"id": 801 + place, "name": name, "utbms_task_id": 501, "utbms_activity_id": 601 + place}
        records.setdefault("activity_descriptions", []).append(description)
        records["activities"][place] |= {"activity_description": {"id": 801 + place}, "date": "2025-03-05"}
    build(records)
    address = f"/api/v1/firms/{cast.firm.public_id}/query"
    told: dict[str, Any] = {}
    for dimension in ("utbms_task", "utbms_activity"):
        asked = {"metrics": "recorded_hours", "dimensions": dimension, "period": "2025-03"}
        told |= {row["keys"][0]: row["labels"][0] for row in api(cast.owner).get(address, asked).json()["rows"]}

    assert told["501"] == "Task code 501: Drafting, Research"
    assert (told["601"], told["602"]) == ("Activity code 601: Drafting", "Activity code 602: Research")


def test_rows_behind_a_figure_are_told_in_words(ask: Callable[..., Any]) -> None:
    (row,) = [each for each in ask("explain", item="collected.fees")["results"] if each["labels"]["bill"] == "I1"][:1]

    assert row["words"].startswith(f"Payment fee, {row['date']}, bill I1, {row['labels']['matter']}")
    assert (row["bill_id"], row["matter_id"]) != (None, None)


def test_who_may_not_know_clients_reads_stand_ins(ask: Callable[..., Any], cast: Any) -> None:
    named = ask("query", metrics="trust_movements", dimensions="transaction")
    hidden = make_user("hidden@example.com")
    join(hidden, cast.firm, permissions=[Extra.TRUST], hides_client_names=True)

    told = ask("query", hidden, metrics="trust_movements", dimensions="transaction")

    with_matter = [row["labels"][0] for row in named["rows"] if ", " in row["labels"][0]]
    assert with_matter
    assert not {row["labels"][0] for row in told["rows"]} & set(with_matter)
    assert [row["labels"][0].partition(",")[0] for row in told["rows"]] == [
        row["labels"][0].partition(",")[0] for row in named["rows"]
    ]
