"""A consultant's firms side by side: each from its own rows, none added up, each told that it was looked at."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.models import AuditEntry
from apps.core.tenancy import tenant
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]
ADDRESS = "/api/v1/consultant/figures"


def test_every_firm_stands_by_itself(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    build(golden("march"))

    ours, other = api(cast.consultant).get(ADDRESS, {"period": "2025-03"}).json()

    figures = ours["figures"]["answer"]["total"]["figures"]
    assert (ours["name"], ours["firm_id"]) == (cast.firm.name, str(cast.firm.public_id))
    assert (figures["utilization.rate"], figures["realization.rate"]) == (3.3, 91.7)
    assert figures["collection_rate.rate"] == 50.0
    assert (other["name"], other["figures"]["answer"]["status"]) == (cast.strangers_firm.name, "not_connected")


def test_every_firm_sees_the_look(cast: Any, api: Client) -> None:
    api(cast.consultant).get(ADDRESS)

    for firm in (cast.firm, cast.strangers_firm):
        with tenant(firm.firm_id):
            looks = AuditEntry.objects.filter(firm_id=firm.firm_id, action="accounts.cross_firm_read")
            assert [(look.user_id, look.target) for look in looks] == [(cast.consultant.pk, "consultant-figures")]


def test_who_advises_nobody_sees_nothing(cast: Any, api: Client) -> None:
    assert api(cast.owner).get(ADDRESS).json() == []


def test_names_a_period_that_is_none(cast: Any, api: Client) -> None:
    answer = api(cast.consultant).get(ADDRESS, {"period": "someday"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/period")
