"""The firm's health over the API: in full for administrators, in a sentence for members."""

from typing import Any

import pytest

from apps.clio.models import HeldRecord, Reconciliation
from apps.core.tenancy import tenant
from tests.clio.factories import mirrored, sync

pytestmark = pytest.mark.django_db


def address(firm: Any, what: str) -> str:
    return f"/api/v1/firms/{firm.public_id}/clio/{what}"


def test_an_administrator_sees_everything(firm, clio, cast, api):
    sync(firm, full=True)

    answer = api(cast.owner).get(address(firm, "health")).json()

    assert (answer["is_well"], answer["connection"]) == (True, "connected")
    assert answer["summary"].startswith("The numbers are what Clio had")
    entities = {each["entity"]: each for each in answer["detail"]["entities"]}
    assert entities["activities"]["records"] == len(mirrored(firm, "activities"))
    assert entities["activities"]["title"] == "Activities"
    assert answer["detail"]["concerns"] == []


def test_a_member_sees_the_short_form(firm, clio, cast, api):
    sync(firm, full=True)

    answer = api(cast.colleague).get(address(firm, "health")).json()

    assert answer["summary"].startswith("The numbers are what Clio had")
    assert answer["detail"] is None


def test_a_firm_that_never_connected_is_told_so(cast, api):
    answer = api(cast.owner).get(address(cast.firm, "health")).json()

    assert (answer["is_well"], answer["connection"], answer["data_as_of"]) == (False, None, None)
    assert answer["summary"] == "The firm is not connected to Clio."


def test_a_stranger_sees_nothing(firm, cast, api):
    assert api(cast.stranger).get(address(firm, "health")).status_code == 404
    assert api(cast.stranger).post(address(firm, "held"), {"entity": "tasks"}, format="json").status_code == 404


def test_an_administrator_says_that_records_were_deleted(firm, clio, cast, api):
    sync(firm, full=True)
    with tenant(firm.firm_id):
        HeldRecord.objects.create(firm_id=firm.firm_id, entity="tasks", record_key="1", reason="many_at_once")

    answer = api(cast.owner).post(
        address(firm, "held"), {"entity": "tasks"}, format="json", headers={"Idempotency-Key": "one"}
    )

    assert (answer.status_code, answer.json()) == (202, {"entity": "tasks", "accepted": 1})
    with tenant(firm.firm_id):
        assert HeldRecord.objects.get().accepted_at is not None
        assert Reconciliation.objects.get().kind == "asked"


def test_names_the_field_that_is_wrong(firm, cast, api):
    answer = api(cast.owner).post(
        address(firm, "held"), {"entity": "dreams"}, format="json", headers={"Idempotency-Key": "two"}
    )

    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == "clio.entity_unknown"
    assert answer.json()["errors"][0]["pointer"] == "/entity"
