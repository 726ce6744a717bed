"""Register and confirm the address: the page answers everybody alike, the mail tells."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import MailedToken, User
from apps.core.models import Job
from apps.core.tenancy import acting_as
from tests.accounts.entering import log_in, make_rita
from tests.accounts.factories import AGREED, PASSWORD
from tests.accounts.mail import mailed_token, promised, promised_kinds, run_accounts_jobs

pytestmark = pytest.mark.django_db
_PERSON = {"email": "Rita.Moreno@example.com", "name": "Rita Moreno", "password": PASSWORD, "agreed": AGREED}
_LINK = "accounts.email_verification"


@pytest.fixture
def nobody(api):
    return api(None)


def _register(client, **changes):
    answer = client.post("/api/v1/auth/register", {**_PERSON, **changes}, format="json")
    run_accounts_jobs()
    return answer


def _verify(client, token):
    return client.post("/api/v1/auth/verify-email", {"token": token}, format="json")


def _rita() -> User:
    return User.objects.get(email__iexact=_PERSON["email"])


def test_the_mailed_link_opens_the_account(nobody):
    answer = _register(nobody)

    assert (answer.status_code, answer.content) == (202, b"")
    assert log_in(nobody).status_code == 401
    assert _verify(nobody, mailed_token(_rita(), _LINK)).status_code == 204
    assert log_in(nobody).status_code == 200
    assert promised_kinds(_rita()) == [_LINK, "accounts.welcome"]


def test_the_password_is_hashed_with_argon2_and_is_not_in_the_job(nobody):
    _register(nobody)
    _verify(nobody, mailed_token(_rita(), _LINK))

    assert _rita().password.startswith("argon2$argon2id$")
    assert PASSWORD not in str(list(Job.objects.values_list("arguments", flat=True)))
    assert "Rita" not in str(list(Job.objects.values_list("arguments", flat=True)))


def test_a_known_address_gets_the_same_answer_and_its_owner_a_mail(nobody):
    rita = make_rita()
    before = rita.password

    known, unknown = _register(nobody, password="another set of words"), _register(nobody, email="new@example.com")

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert promised_kinds(rita) == ["accounts.already_registered"]
    rita.refresh_from_db()
    assert rita.password == before


def test_registering_does_the_same_work_for_every_address(nobody, django_assert_num_queries):
    make_rita()
    for email in (_PERSON["email"], "new@example.com"):
        with django_assert_num_queries(3):  # a savepoint of the test, the job's row, the savepoint's end
            nobody.post("/api/v1/auth/register", {**_PERSON, "email": email}, format="json")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "not-an-address"}, "/email"),
        ({"email": ""}, "/email"),
        ({"email": ["a@example.com"]}, "/email"),
        ({"name": " "}, "/name"),
        ({"password": "short"}, "/password"),
        ({"password": "password1234"}, "/password"),
        ({"password": "P@ssw0rd2026!!"}, "/password"),
        ({"password": "qwertyuiop1234"}, "/password"),
        ({"password": "abcabcabcabc"}, "/password"),
        ({"password": "rita.moreno@example.com"}, "/password"),
        ({"password": None}, "/password"),
    ],
)
def test_names_the_faulty_field_and_promises_nothing(nobody, change, pointer):
    answer = _register(nobody, **change)

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {pointer}
    assert not User.objects.exists()
    assert not Job.objects.exists()


def test_the_link_works_once(nobody):
    _register(nobody)
    token = mailed_token(_rita(), _LINK)
    _verify(nobody, token)

    again = _verify(nobody, token)

    assert (again.status_code, again.json()["code"]) == (400, "accounts.link_refused")
    assert [fault["pointer"] for fault in again.json()["errors"]] == ["/token"]


def test_the_link_runs_out_after_a_day_and_another_is_sent(nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        _register(nobody)
        late = mailed_token(_rita(), _LINK)
        clock.shift(24 * 3600 + 1)

        assert _verify(nobody, late).status_code == 400
        nobody.post("/api/v1/auth/verify-email/resend", {"email": _PERSON["email"]}, format="json")
        run_accounts_jobs()
        assert _verify(nobody, mailed_token(_rita(), _LINK)).status_code == 204

    assert log_in(nobody).status_code == 200


def test_a_newer_link_replaces_the_older_one(nobody):
    _register(nobody)
    older = mailed_token(_rita(), _LINK)
    nobody.post("/api/v1/auth/verify-email/resend", {"email": _PERSON["email"]}, format="json")
    run_accounts_jobs()

    assert _verify(nobody, older).status_code == 400
    assert _verify(nobody, mailed_token(_rita(), _LINK)).status_code == 204


def test_whoever_registers_a_strangers_address_first_does_not_set_its_password(nobody):
    _register(nobody, name="Mallory", password="chosen by mallory only")
    _register(nobody)
    assert _verify(nobody, mailed_token(_rita(), _LINK)).status_code == 204

    assert log_in(nobody, password="chosen by mallory only").status_code == 401
    assert log_in(nobody).status_code == 200
    assert _rita().name == "Rita Moreno"


@pytest.mark.parametrize("email", ["nobody@example.com", _PERSON["email"]])
def test_resending_answers_alike_and_sends_nothing_without_need(nobody, email):
    rita = make_rita()

    answer = nobody.post("/api/v1/auth/verify-email/resend", {"email": email}, format="json")
    run_accounts_jobs()

    assert (answer.status_code, answer.content) == (202, b"")
    assert promised_kinds(rita) == []


def test_only_a_hash_of_the_link_is_kept_and_what_it_carries_is_sealed(nobody):
    _register(nobody)
    rita, token = _rita(), mailed_token(_rita(), _LINK)

    with acting_as(rita.pk):
        row = MailedToken.objects.get()
    stored = " ".join(str(value) for value in vars(row).values())
    assert token not in stored
    assert "argon2" not in stored
    assert row.expires_at - timezone.now() > timedelta(hours=23)


def test_a_link_of_another_purpose_is_refused(nobody):
    rita = make_rita()
    nobody.post("/api/v1/auth/password/forgot", {"email": rita.email}, format="json")
    run_accounts_jobs()

    assert _verify(nobody, mailed_token(rita, "accounts.password_reset")).status_code == 400


def test_the_job_run_twice_sends_one_mail(nobody):
    _register(nobody)

    assert run_accounts_jobs() == 0
    assert len(promised(_rita(), _LINK)) == 1
