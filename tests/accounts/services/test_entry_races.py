"""Many at one moment, with real threads on real PostgreSQL: each race ends in the one right state."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts.contracts import Origin
from apps.accounts.errors import CodeRefused, LinkRefused, RefreshUnderWay, SignInLocked
from apps.accounts.models import MailedToken, Phone, SentCode, Session, TryCounter, User
from apps.accounts.services.code_makers import sent_code_digest
from apps.accounts.services.end_session import end_session
from apps.accounts.services.log_in import log_in
from apps.accounts.services.mailed_links import make_link
from apps.accounts.services.prove_factor import prove_factor
from apps.accounts.services.refresh_session import refresh_session
from apps.accounts.services.send_code import number_digest
from apps.accounts.services.start_session import start_session
from apps.accounts.services.verify_email import verify_email
from apps.core.encryption import keyed_digest
from apps.core.errors import DomainError
from apps.core.tenancy import acting_as, knowing_address
from tests.accounts.entering import ADDRESS, add_app, app_code, make_rita
from tests.accounts.mail import promised_kinds

NUMBER = "+12124567890"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("production_hasher")]


def _at_once(act: Callable[[int], Any], times: int) -> Counter[str]:
    """Run it in that many threads that start together; count how each ended: `done`, or the error's name."""
    together = Barrier(times)

    def run(number: int) -> str:
        try:
            together.wait(timeout=60)
            act(number)
        except DomainError as error:
            return type(error).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(times) as pool:
        return Counter(pool.map(run, range(times)))


def _send(user: User, code: str) -> None:
    with acting_as(user.pk):
        Phone.objects.update_or_create(user=user, defaults={"number": NUMBER, "confirmed_at": timezone.now()})
        SentCode.objects.create(
            user=user,
            purpose="sign_in",
            number_digest=number_digest(NUMBER),
            code_digest=sent_code_digest(user.pk, "sign_in", code),
            expires_at=timezone.now() + timedelta(minutes=5),
        )


def _prove(user: User, method: str, code: str, now: datetime | None = None) -> None:
    moment = now or timezone.now()
    prove_factor(user_id=user.pk, method=method, code=code, purpose="sign_in", origin=Origin(), now=moment)


def test_two_refreshes_with_one_token_give_one_pair():
    rita = make_rita()
    pair = start_session(user_id=rita.pk, origin=Origin(), now=timezone.now())

    ends = _at_once(lambda _: refresh_session(refresh=pair.refresh, origin=Origin(), now=timezone.now()), 12)

    assert ends == {"done": 1, RefreshUnderWay.__name__: 11}
    with acting_as(rita.pk):
        assert Session.objects.get().revoked_at is None
    assert promised_kinds(rita) == []


def test_a_refresh_and_a_sign_out_at_one_moment_leave_nothing_open():
    rita = make_rita()
    pair = start_session(user_id=rita.pk, origin=Origin(), now=timezone.now())

    def act(number: int) -> None:
        if number % 2:
            end_session(user_id=rita.pk, session_id=pair.session_id, now=timezone.now())
        else:
            refresh_session(refresh=pair.refresh, origin=Origin(), now=timezone.now())

    _at_once(act, 8)

    with acting_as(rita.pk):
        assert Session.objects.get().revoked_at is not None


def test_fifty_wrong_guesses_of_one_code_are_five_and_end_it():
    rita = make_rita()
    _send(rita, "482913")

    now = timezone.now()  # the door stays shut for half a minute: all fifty come at one moment, however long they take
    ends = _at_once(lambda number: _prove(rita, "sms", f"{number:06d}", now), 50)

    assert ends == {CodeRefused.__name__: 5, SignInLocked.__name__: 45}
    with acting_as(rita.pk):
        sent = SentCode.objects.get()
    assert (sent.tries, sent.used_at) == (5, None)
    with pytest.raises(SignInLocked):
        _prove(rita, "sms", "482913", now)
    assert promised_kinds(rita) == ["accounts.locked_out"]


def test_fifty_times_the_right_code_opens_once():
    rita = make_rita()
    _send(rita, "482913")

    ends = _at_once(lambda _: _prove(rita, "sms", "482913"), 50)

    assert ends["done"] == 1
    with acting_as(rita.pk):
        assert SentCode.objects.get().used_at is not None


def test_one_code_of_the_app_shown_by_ten_opens_once():
    rita = make_rita()
    add_app(rita)
    code = app_code(rita, steps_ahead=1)

    ends = _at_once(lambda _: _prove(rita, "app", code), 10)

    assert ends["done"] == 1


def test_one_recovery_code_shown_by_ten_opens_once():
    rita = make_rita()
    code = add_app(rita)[0]

    ends = _at_once(lambda _: _prove(rita, "recovery", code), 10)

    assert ends["done"] == 1
    assert promised_kinds(rita).count("accounts.recovery_code_used") == 1


def test_twenty_wrong_passwords_are_five_and_no_more_are_even_hashed():
    make_rita()
    now = timezone.now()

    def guess(number: int) -> None:
        log_in(email=ADDRESS, password=f"guess number {number}", origin=Origin(), now=now)

    ends = _at_once(guess, 20)

    assert ends == {"CredentialsRefused": 5, SignInLocked.__name__: 15}
    digest = keyed_digest(f"password:{ADDRESS.lower()}")
    with knowing_address(digest):
        assert TryCounter.objects.get().tries == 5


def test_a_link_opened_by_eight_is_used_once():
    rita = make_rita()
    User.objects.filter(pk=rita.pk).update(email_verified_at=None)
    token = make_link(
        user_id=rita.pk,
        purpose=MailedToken.Purpose.VERIFY_EMAIL,
        lifetime=timedelta(hours=1),
        now=timezone.now(),
        details={"name": "Rita", "password": rita.password},
    )

    ends = _at_once(lambda _: verify_email(token=token, origin=Origin(), now=timezone.now()), 8)

    assert ends == {"done": 1, LinkRefused.__name__: 7}
    assert promised_kinds(rita) == ["accounts.welcome"]
