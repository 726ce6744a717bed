"""Somebody else's guessing and asking must not keep a person out for long."""

import pytest
import time_machine

from apps.accounts.models import User
from tests.accounts.entering import ADDRESS, log_in, make_rita
from tests.accounts.factories import AGREED, PASSWORD
from tests.accounts.mail import mailed_token, promised_kinds, run_accounts_jobs

pytestmark = pytest.mark.django_db
_RESET, _OWN = "accounts.password_reset", "a kettle of blue herons"


def _forgot(nobody):
    assert nobody.post("/api/v1/auth/password/forgot", {"email": ADDRESS}, format="json").status_code == 202
    run_accounts_jobs()


def test_registering_her_address_over_and_over_takes_no_reset_link_away(api):
    rita, nobody = make_rita(), api(None)
    for _ in range(12):
        body = {"email": ADDRESS, "name": "Not Rita", "password": PASSWORD, "agreed": AGREED}
        nobody.post("/api/v1/auth/register", body, format="json")
        run_accounts_jobs()

    _forgot(nobody)

    assert promised_kinds(rita).count("accounts.already_registered") == 5
    assert promised_kinds(rita).count(_RESET) == 1


def test_a_link_comes_at_least_once_an_hour_however_often_others_ask(api, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    rita, nobody = make_rita(), api(None)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        for _ in range(120):  # every minute, for two hours
            _forgot(nobody)
            clock.shift(60)
        before = promised_kinds(rita).count(_RESET)
        clock.shift(3600)
        _forgot(nobody)

        assert promised_kinds(rita).count(_RESET) == before + 1
        assert before < 12


def test_the_link_opens_a_door_that_guessing_shut(api):
    rita, nobody = make_rita(), api(None)
    for _ in range(6):
        log_in(nobody, password="wrong wrong wrong")
    assert log_in(nobody).status_code == 429
    _forgot(nobody)

    reset = {"token": mailed_token(rita, _RESET), "password": _OWN}
    assert nobody.post("/api/v1/auth/password/reset", reset, format="json").status_code == 204

    assert log_in(nobody, password=_OWN).status_code == 200
    assert User.objects.get().check_password(_OWN)
