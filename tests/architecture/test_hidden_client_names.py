"""From whom a firm hides its clients' names, no route tells them: every route is asked, over real mirrored clients."""

from typing import Any

import pytest
from django.urls import get_resolver

from apps.clio.models import Contact, Matter
from apps.core.checks import list_routes
from apps.core.permissions import Audience, table
from apps.core.scope import Level, Role
from apps.core.tenancy import tenant
from tests.accounts.entering import browser_of
from tests.accounts.factories import join, make_user, signed_in_client
from tests.architecture.test_access_matrix import _address

pytestmark = pytest.mark.django_db
_NAMES = ("Zebulon Quackenbush", "Quackenbush v. Doe")


@pytest.fixture
def books(cast):
    """A client and a matter in the firm's mirror."""
    with tenant(cast.firm.firm_id):
        Contact.objects.create(firm_id=cast.firm.firm_id, clio_id=71, name=_NAMES[0], is_client=True)
        Matter.objects.create(firm_id=cast.firm.firm_id, clio_id=72, client_id=71, display_number=_NAMES[1])


@pytest.mark.parametrize("who", ["consultant", "member"])
def test_no_route_tells_a_hidden_name(who, cast, books, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    place = {"role": Role.CONSULTANT, "level": Level.FULL} if who == "consultant" else {"role": Role.MEMBER}
    person = make_user()
    join(person, cast.firm, permissions=["names", "exports"], hides_client_names=True, **place)
    client, browser = signed_in_client(person), browser_of(person)
    told, asked = [], 0

    for name, _ in list_routes(get_resolver().url_patterns):
        rule = table.find_rule(name or "", "GET")
        if rule is None or rule.audience is not Audience.FIRM:
            continue
        address = _address(name or "", cast.firm)
        answer: Any = browser.get(f"{address}?firm={cast.firm.public_id}") if rule.is_page else client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        asked += answer.status_code == 200
        told += [(name, each) for each in _NAMES if each in body.decode(errors="replace")]

    assert asked >= 8
    assert told == []
