"""Target hours per timekeeper: from a month on, until something else is said."""

from datetime import date
from decimal import Decimal

import pytest

from apps.accounts.contracts import HoursTarget
from apps.accounts.interface import list_hours_targets
from apps.core.models import AuditEntry
from apps.core.tenancy import tenant

pytestmark = pytest.mark.django_db


def _address(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/target-hours"


def _set(cast, api, timekeeper_id: int, month: str, hours: str):
    body = {"timekeeper_id": timekeeper_id, "from_month": month, "monthly_hours": hours}
    return api(cast.owner).post(_address(cast), body, format="json")


def _targets(cast) -> list[HoursTarget]:
    with tenant(cast.firm.firm_id):
        return list_hours_targets(firm_id=cast.firm.firm_id)


def test_a_target_holds_until_the_next_and_earlier_months_keep_theirs(cast, api):
    _set(cast, api, 9, "2026-01", "120")
    _set(cast, api, 8, "2026-03", "90.50")
    assert _set(cast, api, 9, "2026-04", "140").status_code == 200
    _set(cast, api, 9, "2026-07", "0")

    assert _targets(cast) == [
        HoursTarget(8, date(2026, 3, 1), None, Decimal("90.50")),
        HoursTarget(9, date(2026, 1, 1), date(2026, 4, 1), Decimal("120.00")),
        HoursTarget(9, date(2026, 4, 1), date(2026, 7, 1), Decimal("140.00")),
    ]


def test_setting_a_month_again_replaces_it_and_both_are_in_the_trail(cast, api):
    first = _set(cast, api, 9, "2026-01", "120").json()
    again = _set(cast, api, 9, "2026-01", "125").json()
    _set(cast, api, 9, "2026-01", "125")

    assert again == {**first, "monthly_hours": "125.00", "set_at": again["set_at"]}
    with tenant(cast.firm.firm_id):
        entries = AuditEntry.objects.filter(action="accounts.target_hours_set").order_by("pk")
        assert [(each.target, each.details["before"], each.details["after"]) for each in entries] == [
            ("timekeeper:9", None, "120.00"),
            ("timekeeper:9", "120.00", "125.00"),
        ]


def test_a_removed_row_lets_the_one_before_hold_on(cast, api):
    _set(cast, api, 9, "2026-01", "120")
    later = _set(cast, api, 9, "2026-04", "140").json()

    assert api(cast.owner).delete(f"{_address(cast)}/{later['id']}").status_code == 204

    assert _targets(cast) == [HoursTarget(9, date(2026, 1, 1), None, Decimal("120.00"))]
    again = api(cast.owner).delete(f"{_address(cast)}/{later['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "accounts.target_hours_not_found")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"timekeeper_id": 0}, "/timekeeper_id"),
        ({"timekeeper_id": 2**63}, "/timekeeper_id"),
        ({"from_month": "2026-13"}, "/from_month"),
        ({"from_month": "2026-03-01"}, "/from_month"),
        ({"monthly_hours": "-1"}, "/monthly_hours"),
        ({"monthly_hours": "745"}, "/monthly_hours"),
        ({"monthly_hours": "1.005"}, "/monthly_hours"),
        ({"monthly_hours": "NaN"}, "/monthly_hours"),
        ({"monthly_hours": None}, "/monthly_hours"),
    ],
)
def test_bad_input_names_the_field(cast, api, change, pointer):
    body = {"timekeeper_id": 9, "from_month": "2026-03", "monthly_hours": "100", **change}

    answer = api(cast.owner).post(_address(cast), body, format="json")

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert _targets(cast) == []


def test_another_firm_s_targets_are_not_seen(cast, api):
    _set(cast, api, 9, "2026-01", "120")

    assert api(cast.stranger).get(_address(cast)).status_code == 404
    assert api(cast.stranger).get(f"/api/v1/firms/{cast.strangers_firm.public_id}/target-hours").json() == []
