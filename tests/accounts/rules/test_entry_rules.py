"""Policies of getting in, on plain values."""

from datetime import timedelta

import pytest

from apps.accounts.rules.codes import make_recovery_codes, make_sms_code, plain_code
from apps.accounts.rules.devices import UNKNOWN, name_device
from apps.accounts.rules.lockout import FACTOR_TRIES, PASSWORD_TRIES, lock_after
from apps.accounts.rules.methods import is_two_factor
from apps.accounts.rules.passwords import Weakness, find_weakness
from apps.accounts.rules.phones import NumberRefused, read_number

_COMMON = frozenset({"password", "sunshine", "dragon", "trustno1", "iloveyou", "letmein"})


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("Password1234!", Weakness.DISGUISED),
        ("P@ssw0rd2026!", Weakness.DISGUISED),
        ("...sunshine...", Weakness.DISGUISED),
        ("Sun-shine-2024", Weakness.DISGUISED),
        ("dragondragon99", Weakness.DISGUISED),
        ("SmarterFirms!!", Weakness.DISGUISED),
        ("aaaaaaaaaaaa", Weakness.REPEATS),
        ("abababababab", Weakness.REPEATS),
        ("letmeinletmein", Weakness.REPEATS),
        ("qwertyuiop12", Weakness.RUNS),
        ("poiuytrewq21", Weakness.RUNS),
        ("abcdefghijkl", Weakness.RUNS),
        ("1234567890ab", Weakness.RUNS),
        ("correct horse battery staple", None),
        ("blue kettle under seven moons", None),
        ("xK9v-72mLq-001p", None),
        ("dragons sleep until noon", None),
        ("пароль из семи слов", None),
    ],
)
def test_a_common_password_in_disguise_is_found_and_a_good_one_is_not(password, weakness):
    assert find_weakness(password, _COMMON) is weakness


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, None), (4, None), (5, 30), (6, 60), (7, 120), (12, 3600), (10_000, 3600)]
)
def test_the_door_stays_shut_twice_as_long_each_time_up_to_an_hour(tries, seconds):
    assert lock_after(tries, PASSWORD_TRIES) == (None if seconds is None else timedelta(seconds=seconds))


def test_codes_are_locked_sooner_than_they_can_be_guessed():
    day, tries, elapsed = timedelta(days=1), 0, timedelta()
    while elapsed < day:
        tries += 1
        elapsed += lock_after(tries, FACTOR_TRIES) or timedelta()

    assert tries < 40


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/18 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140.0 Mobile Safari/537", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140 Safari/604", "Chrome on iPhone"),
        ("curl/8.5.0", "curl"),
        ("", UNKNOWN),
        ("<script>alert(1)</script>", UNKNOWN),
    ],
)
def test_a_device_has_a_name_people_know(agent, words):
    assert name_device(agent) == words


def test_codes_are_as_many_and_as_long_as_promised():
    codes = make_recovery_codes()

    assert len(set(codes)) == 10
    assert all(len(plain_code(code)) == 12 for code in codes)
    assert len(make_sms_code()) == 6
    assert plain_code(" 48 29-13 ") == "482913"


@pytest.mark.parametrize(
    ("methods", "answer"),
    [((), False), (("password",), False), (("clio",), False), (("password", "app"), True), (("clio", "device"), True)],
)
def test_what_counts_as_two_factors(methods, answer):
    assert is_two_factor(methods) is answer


def test_a_number_is_kept_in_one_spelling():
    assert read_number(" +1 (212) 456-7890 ", {"US"}) == "+12124567890"
    assert read_number("+44 7400 123456", {"GB"}) == "+447400123456"
    with pytest.raises(NumberRefused):
        read_number("+1 (212) 456-7890", {"GB"})
