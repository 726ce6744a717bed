"""The second post with a key gets the first one's answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.queries.firms import list_memberships
from apps.core.models import RememberedAnswer
from apps.core.tenancy import acting_as

pytestmark = pytest.mark.django_db
_FIRM = {"name": "Yew & Rowan", "time_zone": "Europe/London", "currency": "GBP"}


def _post(client, body=_FIRM, key="key-1"):
    return client.post("/api/v1/firms", body, format="json", headers={"Idempotency-Key": key})


def test_acts_once_and_answers_the_same(cast, api):
    client = api(cast.owner)

    first, second = _post(client), _post(client)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Idempotent-Replayed"] == "true"
    assert len(list_memberships(user_id=cast.owner.pk)) == 2


def test_another_body_under_the_same_key_is_refused(cast, api):
    client = api(cast.owner)
    _post(client)

    answer = _post(client, {**_FIRM, "name": "Other"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "core.idempotency_key_reused"


def test_a_key_belongs_to_one_person(cast, api):
    _post(api(cast.owner))

    answer = _post(api(cast.stranger), {**_FIRM, "name": "Mine"})

    assert answer.status_code == 201


def test_a_refused_request_may_be_repeated(cast, api):
    client = api(cast.owner)

    refused = _post(client, {**_FIRM, "name": ""})
    accepted = _post(client)

    assert (refused.status_code, accepted.status_code) == (400, 201)


def test_a_request_whose_process_died_is_taken_over_after_a_while(cast, api):
    client = api(cast.owner)
    _post(client)
    with acting_as(cast.owner.pk):
        RememberedAnswer.objects.update(status=None, body=None)

    soon = _post(client)
    with acting_as(cast.owner.pk):
        RememberedAnswer.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    later = _post(client)

    assert (soon.status_code, soon.json()["code"]) == (409, "core.idempotency_key_in_use")
    assert later.status_code == 201


def test_a_key_too_long_is_named(cast, api):
    answer = _post(api(cast.owner), key="k" * 101)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/headers/Idempotency-Key"
