"""Every error has the one shape, and shows nothing of the inside."""

import pytest
from django.test import Client
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.core.errors import FieldFault, InvalidInput, RateLimited

pytestmark = pytest.mark.django_db


def _answer_to(error: Exception):
    class View(APIView):
        authentication_classes = ()
        permission_classes = ()

        def get(self, request):
            raise error

    response = View.as_view()(APIRequestFactory().get("/somewhere"))
    return response.render()


def test_names_each_faulty_field(cast, api):
    answer = api(cast.owner).post("/api/v1/firms", {"name": "", "time_zone": "Mars/Olympus"}, format="json")

    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "core.invalid_input"
    assert {fault["pointer"]: fault["code"] for fault in problem["errors"]} == {
        "/name": "blank",
        "/time_zone": "invalid",
    }
    assert problem["request_id"] == answer["X-Request-ID"]


def test_malformed_json_is_a_clear_answer(cast, api):
    answer = api(cast.owner).post("/api/v1/firms", b"{", content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "parse_error"


def test_another_media_type_and_another_method_have_their_own_status(cast, api):
    client = api(cast.owner)

    assert client.post("/api/v1/firms", b"a=1", content_type="application/x-www-form-urlencoded").status_code == 415
    assert client.delete("/api/v1/me").status_code == 403  # no row in the permission table
    assert client.put("/api/v1/me").json()["code"] == "core.not_allowed"


def test_an_unknown_address_is_a_problem_too():
    answer = Client().get("/api/v1/nothing/here")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["instance"] == "/api/v1/nothing/here"


def test_nested_faults_become_pointers():
    answer = _answer_to(InvalidInput(faults=(FieldFault("/lines/2/amount", "Not a number."),)))

    assert b'"pointer":"/lines/2/amount"' in answer.content


def test_tells_when_to_come_back():
    answer = _answer_to(RateLimited(retry_after_seconds=12))

    assert (answer.status_code, answer["Retry-After"]) == (429, "12")


def test_an_unexpected_error_shows_an_id_and_nothing_else():
    client = Client(raise_request_exception=False)

    answer = client.get("/healthz", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_takes_a_plain_request_id_and_replaces_a_strange_one():
    kept = Client().get("/healthz", headers={"X-Request-ID": "abcdef-123456"})
    replaced = Client().get("/healthz", headers={"X-Request-ID": "<script>alert(1)</script>"})

    assert kept["X-Request-ID"] == "abcdef-123456"
    assert len(replaced["X-Request-ID"]) == 32
