"""Every error has the one shape, and shows nothing of the inside."""

import pytest
import structlog
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
    refused = client.delete("/api/v1/me")
    assert (refused.status_code, refused.json()["code"]) == (405, "core.method_not_allowed")


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


def test_a_strange_host_is_refused_without_an_echo():
    answer = Client().get("/readyz", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_takes_a_plain_request_id_and_replaces_a_strange_one():
    kept = Client().get("/readyz", headers={"X-Request-ID": "abcdef-123456"})
    replaced = Client().get("/readyz", headers={"X-Request-ID": "abcdef-123456<script>"})

    assert kept["X-Request-ID"] == "abcdef-123456"
    assert len(replaced["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"name": "a\\u0000b"}',
        b'{"name": "\\ud800"}',
        b'{"currency": "\\ud800"}',
        b"\xff\xfe",
        b"[]",
        b"7",
    ],
)
def test_strange_bodies_are_bad_input(cast, api, body):
    answer = api(cast.owner).post("/api/v1/firms", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_an_old_token_does_not_stand_in_the_way_of_signing_in():
    client = Client(headers={"Authorization": "Bearer rubbish"})

    assert client.post("/api/v1/auth/login", {}, content_type="application/json").status_code == 400
    assert client.get("/api/docs").status_code == 200


def test_only_json_is_served(cast, api):
    answer = api(cast.owner).get("/api/v1/me", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.json()["code"]) == (406, "core.not_acceptable")


def test_a_load_balancer_may_call_by_address():
    assert Client().get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_what_a_request_bound_to_the_logs_is_gone_with_it(cast, api):
    api(cast.owner).get("/api/v1/me")

    assert structlog.contextvars.get_contextvars() == {}
