"""Second factors: set up, asked for, proved once, stepped up to, required, removed."""

import pyotp
import pytest
import time_machine
from django.utils import timezone

from apps.accounts.contracts import Origin
from apps.accounts.models import Authenticator, FirmSecurity, Phone, RecoveryCode, SentCode
from apps.accounts.services.trust_device import trust_device
from apps.core.scope import Role
from apps.core.tenancy import acting_as, tenant
from tests.accounts.entering import ADDRESS, add_app, app_code, bearer, log_in, make_rita
from tests.accounts.factories import PASSWORD, join, make_firm, make_user, signed_in_client
from tests.accounts.mail import promised, promised_kinds, texted_code

pytestmark = pytest.mark.django_db
_PHONE = "+1 212 456 7890"


@pytest.fixture
def nobody(api):
    return api(None)


@pytest.fixture
def rita():
    return make_rita()


def _finish(client, pending, method, code, **more):
    body = {"pending": pending, "method": method, "code": code, **more}
    return client.post("/api/v1/auth/second-step", body, format="json")


def _pending(client, **changes):
    answer = log_in(client, **changes)
    assert answer.status_code == 202, answer.json()
    return answer.json()["pending"]


def _add_phone(user, number=_PHONE):
    client = signed_in_client(user, second_factor=False)
    begun = client.post("/api/v1/me/second-factor/sms", {"phone": number, "password": PASSWORD}, format="json")
    assert begun.status_code == 202, begun.json()
    code = texted_code(user, "accounts.phone_code")
    confirmed = client.post("/api/v1/me/second-factor/sms/confirm", {"code": code}, format="json")
    assert confirmed.status_code == 200, confirmed.json()
    return confirmed.json()["recovery_codes"]


def test_setting_up_an_app_shows_a_qr_code_and_ten_recovery_codes_once(rita):
    client = signed_in_client(rita, second_factor=False)

    begun = client.post("/api/v1/me/second-factor/app", {"password": PASSWORD}, format="json").json()

    assert begun["uri"].startswith("otpauth://totp/Smarter%20Firms:Rita.Moreno%40example.com?secret=" + begun["key"])
    assert begun["qr_svg"].startswith("<svg")
    assert client.get("/api/v1/me/second-factor").json()["has_app"] is False
    codes = client.post("/api/v1/me/second-factor/app/confirm", {"code": _code_of(begun)}, format="json").json()
    assert len(set(codes["recovery_codes"])) == 10
    assert client.get("/api/v1/me/second-factor").json() == {
        "has_app": True,
        "phone": "",
        "recovery_codes_left": 10,
        "is_required": False,
        "trusted_devices": 0,
    }
    assert promised_kinds(rita) == ["accounts.second_factor_added"]


def _code_of(begun):
    return pyotp.TOTP(begun["key"]).at(timezone.now())


def test_the_first_factor_needs_the_password_and_the_next_one_a_step_up(rita):
    client = signed_in_client(rita, second_factor=False)
    for body in ({}, {"password": "not my password"}):
        assert client.post("/api/v1/me/second-factor/app", body, format="json").status_code == 400
    add_app(rita)

    refused = client.post("/api/v1/me/second-factor/sms", {"phone": _PHONE, "password": PASSWORD}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (403, "core.step_up_needed")


def test_nothing_of_a_factor_can_be_read_back(rita):
    codes = add_app(rita)
    with acting_as(rita.pk):
        rows = [*Authenticator.objects.all(), *RecoveryCode.objects.all()]

    stored = " ".join(str(value) for row in rows for value in vars(row).values())
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert len(rows) == 11


def test_a_right_password_alone_opens_nothing(rita, nobody):
    add_app(rita)

    answer = log_in(nobody)

    assert answer.status_code == 202
    assert answer.json().keys() == {"pending", "methods", "may_trust_device"}
    assert bearer(answer.json()["pending"]).get("/api/v1/me").status_code == 401


def test_the_apps_code_finishes_the_sign_in_and_works_once(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(60)
        code = app_code(rita)

        done = _finish(nobody, _pending(nobody), "app", code)
        again = _finish(nobody, _pending(nobody), "app", code)

    assert done.status_code == 200
    assert (again.status_code, again.json()["code"]) == (400, "accounts.code_refused")
    assert again.json()["errors"][0]["pointer"] == "/code"


@pytest.mark.parametrize(("steps", "status"), [(-2, 400), (-1, 200), (0, 200), (1, 200), (2, 400)])
def test_a_clock_half_a_minute_off_is_forgiven(rita, nobody, steps, status):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(300)

        assert _finish(nobody, _pending(nobody), "app", app_code(rita, steps_ahead=steps)).status_code == status


def test_an_older_code_does_not_work_after_a_newer_one(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(300)
        assert _finish(nobody, _pending(nobody), "app", app_code(rita)).status_code == 200

        assert _finish(nobody, _pending(nobody), "app", app_code(rita, steps_ahead=-1)).status_code == 400


def test_a_recovery_code_works_once_however_it_is_typed_and_the_person_is_told(rita, nobody):
    code = add_app(rita)[0]

    done = _finish(nobody, _pending(nobody), "recovery", f" {code.upper().replace('-', ' ')} ")
    again = _finish(nobody, _pending(nobody), "recovery", code)

    assert (done.status_code, again.status_code) == (200, 400)
    assert [each["codes_left"] for each in promised(rita, "accounts.recovery_code_used")] == [9]


def test_new_recovery_codes_end_the_old_ones_and_need_a_step_up(rita, nobody):
    old = add_app(rita)[0]
    stale = signed_in_client(rita, second_factor=False)
    assert stale.post("/api/v1/me/recovery-codes").json()["code"] == "core.step_up_needed"

    new = signed_in_client(rita).post("/api/v1/me/recovery-codes").json()["recovery_codes"]

    assert len(new) == 10
    assert _finish(nobody, _pending(nobody), "recovery", old).status_code == 400
    assert _finish(nobody, _pending(nobody), "recovery", new[3]).status_code == 200


def test_a_texted_code_finishes_the_sign_in_once_and_for_five_minutes(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        _add_phone(rita)
        pending = _pending(nobody)
        assert nobody.post("/api/v1/auth/second-step/code", {"pending": pending}, format="json").status_code == 202
        late = texted_code(rita)
        clock.shift(299)
        fresh = _pending(nobody)
        clock.shift(2)
        assert _finish(nobody, fresh, "sms", late).status_code == 400
        nobody.post("/api/v1/auth/second-step/code", {"pending": fresh}, format="json")
        code = texted_code(rita)

        assert _finish(nobody, fresh, "sms", code).status_code == 200
        assert _finish(nobody, fresh, "sms", code).status_code == 400


def test_a_newer_text_replaces_the_older_one(rita, nobody):
    _add_phone(rita)
    pending = _pending(nobody)
    codes = []
    for _ in range(2):
        nobody.post("/api/v1/auth/second-step/code", {"pending": pending}, format="json")
        codes.append(texted_code(rita))

    with acting_as(rita.pk):
        assert SentCode.objects.filter(purpose="sign_in", used_at__isnull=True).count() == 1
    assert _finish(nobody, pending, "sms", codes[1]).status_code == 200


def test_a_code_sent_for_one_purpose_serves_no_other(rita, nobody):
    _add_phone(rita)
    client = signed_in_client(rita)
    assert client.post("/api/v1/auth/step-up/code").status_code == 202

    assert _finish(nobody, _pending(nobody), "sms", texted_code(rita, "accounts.step_up_code")).status_code == 400


def test_five_wrong_tries_end_a_code_and_lock_and_the_person_is_told(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        _add_phone(rita)
        pending = _pending(nobody)
        nobody.post("/api/v1/auth/second-step/code", {"pending": pending}, format="json")
        right = texted_code(rita)
        wrong = "000000" if right != "000000" else "111111"

        answers = [_finish(nobody, pending, "sms", wrong).status_code for _ in range(6)]

        assert answers == [400] * 5 + [429]
        clock.shift(61)
        assert _finish(nobody, pending, "sms", right).status_code == 400
    assert [each["tries"] for each in promised(rita, "accounts.locked_out")] == [5]


def test_texts_run_out_per_person_and_cost_nothing_more(rita, nobody):
    _add_phone(rita)
    pending = _pending(nobody)

    answers = [nobody.post("/api/v1/auth/second-step/code", {"pending": pending}, format="json") for _ in range(6)]

    # The text that confirmed the number was answered, and counts no longer.
    assert [each.status_code for each in answers] == [202, 202, 202, 202, 429, 429]
    assert answers[-1].json()["code"] == "accounts.texts_exhausted"
    assert int(answers[-1]["Retry-After"]) <= 300
    assert len(promised(rita, "accounts.sign_in_code")) == 4


def test_one_number_is_not_flooded_by_many_people():
    sent = []
    for _ in range(6):
        person = make_user()
        person.set_password(PASSWORD)
        person.save()
        client = signed_in_client(person, second_factor=False)
        body = {"phone": _PHONE, "password": PASSWORD}
        sent.append(client.post("/api/v1/me/second-factor/sms", body, format="json").status_code)

    assert sent == [202] * 4 + [429] * 2


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("2124567890", "country"),
        ("+49 30 123456", "country"),
        ("+1 876 555 0123", "country"),
        ("+44 909 879 0123", "text messages"),
        ("+1 800 456 7890", "text messages"),
        ("+1", "country"),
        ("+1 000", "number"),
        ("<script>", "country"),
        ("+" + "9" * 39, "number"),
    ],
)
def test_a_number_codes_are_not_sent_to_is_refused_by_name(rita, number, word):
    client = signed_in_client(rita, second_factor=False)

    answer = client.post("/api/v1/me/second-factor/sms", {"phone": number, "password": PASSWORD}, format="json")

    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "/phone"
    assert word in fault["detail"]
    with acting_as(rita.pk):
        assert not Phone.objects.exists()
        assert not SentCode.objects.exists()


def test_a_step_up_opens_sensitive_acts_for_ten_minutes(rita):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(60)
        client = signed_in_client(rita, second_factor=False)
        assert client.post("/api/v1/me/recovery-codes").status_code == 403

        proof = {"method": "app", "code": app_code(rita)}
        assert client.post("/api/v1/auth/step-up", proof, format="json").status_code == 204

        assert client.post("/api/v1/me/recovery-codes").status_code == 200
        clock.shift(600)
        assert client.post("/api/v1/me/recovery-codes").status_code == 200
        clock.shift(1)
        assert client.post("/api/v1/me/recovery-codes").json()["code"] == "core.step_up_needed"


def test_stepping_up_with_a_wrong_code_or_without_any_factor_is_refused(rita):
    client = signed_in_client(rita, second_factor=False)
    proof = {"method": "app", "code": "123456"}

    missing = client.post("/api/v1/auth/step-up", proof, format="json")
    add_app(rita)
    wrong = client.post("/api/v1/auth/step-up", {**proof, "code": "abcdef"}, format="json")

    assert (missing.status_code, missing.json()["code"]) == (409, "accounts.factor_missing")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "accounts.code_refused")
    assert client.post("/api/v1/me/recovery-codes").status_code == 403


def test_removing_the_last_factor_takes_the_codes_along_and_the_person_is_told(rita, nobody):
    add_app(rita)

    assert signed_in_client(rita).delete("/api/v1/me/second-factor/app").status_code == 204

    assert log_in(nobody).status_code == 200
    assert promised_kinds(rita)[-1] == "accounts.second_factor_removed"
    with acting_as(rita.pk):
        assert not RecoveryCode.objects.exists()
    assert signed_in_client(rita).delete("/api/v1/me/second-factor/app").status_code == 409


def test_a_consultant_without_a_second_factor_sees_no_firm_and_keeps_the_last_one(rita):
    firm = make_firm(make_user())
    join(rita, firm, role=Role.CONSULTANT)
    address = f"/api/v1/firms/{firm.public_id}"
    plain = signed_in_client(rita, second_factor=False)

    refused = plain.get(address)
    add_app(rita)

    assert (refused.status_code, refused.json()["code"]) == (403, "core.second_factor_needed")
    assert signed_in_client(rita).get(address).status_code == 200
    kept = signed_in_client(rita).delete("/api/v1/me/second-factor/app")
    assert (kept.status_code, kept.json()["code"]) == (409, "accounts.factor_required")


def test_a_firm_demands_it_of_everybody_from_the_next_request_on(cast, api):
    plain, address = signed_in_client(cast.colleague, second_factor=False), f"/api/v1/firms/{cast.firm.public_id}"
    assert plain.get(address).status_code == 200
    body = {"demands_second_factor": True, "trusts_devices": False}

    assert api(cast.owner).put(f"{address}/security", body, format="json").status_code == 200

    assert plain.get(address).json()["code"] == "core.second_factor_needed"
    assert api(cast.colleague).get(address).status_code == 200
    assert api(cast.owner).get(f"{address}/security").json() == body
    assert [each["firm"] for each in promised(cast.colleague, "accounts.second_factor_required")] == [cast.firm.name]
    stale = signed_in_client(cast.owner, second_factor=False)
    assert stale.put(f"{address}/security", body, format="json").status_code == 403


def _trust(nobody, rita):
    pending = _pending(nobody)
    return _finish(nobody, pending, "app", app_code(rita), trust_device=True).json()["device_token"]


def test_a_trusted_device_skips_the_second_step_for_thirty_days_but_no_step_up(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(60)
        device = _trust(nobody, rita)
        clock.shift(30 * 86_400 - 1)
        signed_in = log_in(nobody, device_token=device)

        assert signed_in.status_code == 200
        client = bearer(signed_in.json()["access"])
        assert client.post("/api/v1/me/recovery-codes").json()["code"] == "core.step_up_needed"
        clock.shift(1)
        assert log_in(nobody, device_token=device).status_code == 202


def test_a_device_token_of_somebody_else_is_worth_nothing(rita, nobody):
    add_app(rita)
    other = make_user()
    theirs = trust_device(user_id=other.pk, origin=Origin(), now=timezone.now())

    assert log_in(nobody, device_token=theirs).status_code == 202


def test_a_device_is_trusted_only_where_every_firm_allows_it(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        firm = make_firm(make_user())
        join(rita, firm)
        clock.shift(60)
        assert log_in(nobody).json()["may_trust_device"] is False
        assert _trust(nobody, rita) == ""

        with tenant(firm.firm_id):
            FirmSecurity.objects.create(firm_id=firm.firm_id, trusts_devices=True)
        clock.shift(60)
        device = _trust(nobody, rita)
        assert log_in(nobody, device_token=device).status_code == 200

        with tenant(firm.firm_id):
            FirmSecurity.objects.update(trusts_devices=False)
        assert log_in(nobody, device_token=device).status_code == 202


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"method": "guess"}, "/method"),
        ({"method": None}, "/method"),
        ({"code": ""}, "/code"),
        ({"code": "1" * 41}, "/code"),
        ({"code": ["1"]}, "/code"),
        ({"pending": ""}, "/pending"),
    ],
)
def test_bad_input_names_the_field(rita, nobody, change, pointer):
    add_app(rita)
    body = {"pending": _pending(nobody), "method": "app", "code": "123456", **change}

    answer = nobody.post("/api/v1/auth/second-step", body, format="json")

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {pointer}


@pytest.mark.parametrize("code", ["", "é", "\uff11\uff12\uff13\uff14\uff15\uff16", "12345", "-1", "000000 000000"])
def test_a_strange_code_is_refused_and_is_no_500(rita, nobody, code):
    add_app(rita)
    assert rita.email == ADDRESS

    for method in ("app", "sms", "recovery"):
        assert _finish(nobody, _pending(nobody), method, code).status_code in (400, 429)
