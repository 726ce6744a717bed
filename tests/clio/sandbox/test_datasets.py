"""The golden datasets say what the KPI page's fixture says."""

import json

import pytest

from apps.clio.sandbox.dataset import DatasetUnreadable, load_dataset
from tests.clio.sandbox.server import DATASETS, dataset_store, running_sandbox


@pytest.mark.parametrize("name", ["golden_march", "golden_april", "golden_cents"])
def test_bills_tie_out(name: str) -> None:
    content = json.loads((DATASETS / f"{name}.json").read_text())

    for bill in content["bills"]:
        lines = [each for each in content["line_items"] if each["bill"]["id"] == bill["id"]]
        charges = [each["total"] for each in content["interest_charges"] if each["bill"]["id"] == bill["id"]]
        live = [each for each in content["allocations"] if each["bill"]["id"] == bill["id"]]
        assert sum(each["total"] + each["tax"] + each["secondary_tax"] for each in lines) + sum(charges) == bill["due"]
        assert sum(each["amount"] for each in live if each["parent"]["type"] == "Payment") == bill["paid"]
        assert sum(each["amount"] for each in live if each["parent"]["type"] == "CreditMemo") == bill["credits_issued"]
        assert bill["due"] - bill["paid"] - bill["credits_issued"] == bill["balance"]


def test_march_has_the_hours_and_money_of_the_page() -> None:
    content = json.loads((DATASETS / "golden_march.json").read_text())
    march = [each for each in content["activities"] if each["date"] >= "2025-03-01"]

    assert sum(each["rounded_quantity"] for each in march if not each["non_billable"]) == 11 * 3600
    assert sum(each["rounded_quantity"] for each in march if each["non_billable"]) == 5 * 3600
    first = content["bills"][0]
    assert (first["due"], first["credits_issued"], first["paid"], first["balance"]) == (3700, 370, 1850, 1480)


def test_serves_exactly_what_the_file_says() -> None:
    content = json.loads((DATASETS / "golden_march.json").read_text())

    with running_sandbox(dataset_store("golden_march")) as sandbox:
        for name in ("users", "matters", "activities", "bills", "line_items", "allocations", "credit_memos"):
            served = sandbox.list_all(name)
            assert [each["id"] for each in served] == [each["id"] for each in content[name]]
        line = sandbox.list_all("line_items")[0]
        memo = sandbox.list_all("credit_memos")[0]
        body = sandbox.get("bills.json?fields=id,due").body

    assert line["matter"]["display_number"] == "00001-Client"
    assert line["discount"] == {"rate": 300, "type": "money"}
    assert memo["allocations"][0]["amount"] == 370
    assert b'"due":3700.00' in body


def test_april_names_its_matters_and_interest() -> None:
    with running_sandbox(dataset_store("golden_april")) as sandbox:
        allocations = sandbox.list_all("allocations")
        charges = sandbox.list_all("interest_charges")

    assert [each["matter"] and each["matter"]["id"] for each in allocations] == [None, None, None, 302]
    assert [each["interest"] for each in allocations] == [False, True, False, False]
    assert [each["total"] for each in charges] == [12]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"nonsense": []}', '{"bills": [{"id": 1, "color": 2}]}', '{"bills": [{}]}']
)
def test_refuses_unreadable_files(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("datasets") / "broken.json"
    path.write_text(text)

    with pytest.raises(DatasetUnreadable, match=r"broken\.json"):
        load_dataset(path)
