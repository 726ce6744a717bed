"""Every address is in the permission table, and the table is what callers meet."""

import uuid

import pytest
from django.urls import get_resolver, reverse

from apps.core.checks import list_routes
from apps.core.permissions import Audience, table
from apps.core.scope import Role

SOME_ID = uuid.UUID("01234567-89ab-7def-8123-456789abcdef")


def _routes() -> dict[str, str]:
    return {name or path: path for name, path in list_routes(get_resolver().url_patterns)}


def _address(name: str, firm_id: uuid.UUID) -> str:
    path = _routes()[name]
    values = {"firm_id": firm_id} if "firm_id" in path else {}
    return reverse(name, kwargs=values)


def _rows(audience: Audience) -> list[tuple[str, str]]:
    return [
        (route, method)
        for route, methods in table.routes().items()
        for method, rule in methods.items()
        if rule.audience is audience
    ]


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(table.routes()) == set(_routes())


@pytest.mark.django_db
def test_nobody_is_refused_everywhere_but_on_public_routes(api):
    for route, method in _rows(Audience.FIRM) + _rows(Audience.SIGNED_IN):
        answer = api(None).generic(method, _address(route, SOME_ID))

        assert answer.status_code == 401, (route, method)
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "core.not_authenticated"


@pytest.mark.django_db
def test_a_stranger_finds_no_firm(cast, api):
    client = api(cast.stranger)
    for route, method in _rows(Audience.FIRM):
        answer = client.generic(method, _address(route, cast.firm.public_id), b"{}", content_type="application/json")

        assert answer.status_code == 404, (route, method)
        assert answer.json()["code"] == "core.not_found"


@pytest.mark.django_db
def test_a_role_that_is_not_in_the_row_is_refused(cast, api):
    client = api(cast.colleague)
    refused = [
        (route, method)
        for route, method in _rows(Audience.FIRM)
        if Role.MEMBER not in table.routes()[route][method].roles
    ]
    for route, method in refused:
        answer = client.generic(method, _address(route, cast.firm.public_id), b"{}", content_type="application/json")

        assert answer.status_code == 403, (route, method)
        assert answer.json()["code"] == "core.not_allowed"
