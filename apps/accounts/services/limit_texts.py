"""Limits of texted codes: every message costs money, and somebody may be after just that."""

import logging
from datetime import datetime

from django.conf import settings

from apps.accounts.errors import SignInLocked, TextsExhausted
from apps.accounts.rules import lockout
from apps.accounts.rules.lockout import TryPolicy
from apps.accounts.rules.phones import country_of
from apps.accounts.services.take_try import forget_tries, give_back_try, take_try
from apps.core.client_address import network_of, wider_network_of
from apps.core.rate_limits import count

logger = logging.getLogger(__name__)
_LAST_DIGITS = 3


def count_text(*, user_id: int, number: str, ip: str | None, now: datetime) -> None:
    """Count one message before it is sent. Raises TextsExhausted.

    The database counts by person, number and network; Redis by country, and while it is away the others hold.
    """
    for subject, policy in _subjects(user_id, number, ip, now):
        try:
            take_try(subject=subject, policy=policy, now=now)
        except SignInLocked as error:
            raise _exhausted(error.retry_after_seconds) from error
    country = country_of(number)
    limit, window_seconds = settings.SMS_COUNTRY_LIMIT
    standing = count(f"sms-country:{country}", limit=limit, window_seconds=window_seconds)
    if standing is not None and standing.is_exceeded:
        logger.error("accounts.texts_of_a_country_exhausted", extra={"country": country})
        raise _exhausted(max(standing.resets_in_seconds, 1))


def give_text_back(*, user_id: int, number: str, ip: str | None) -> None:
    """Count a message no longer whose code came back right, but for the day's."""
    for subject in (_person(user_id), _number(number)):
        forget_tries(subject=subject)
    for subject in (_range(number), _place(ip), _network(ip)):
        give_back_try(subject=subject)


def _subjects(user_id: int, number: str, ip: str | None, now: datetime) -> tuple[tuple[str, TryPolicy], ...]:
    day = now.date().isoformat()
    return (
        (_person(user_id), lockout.SMS_TO_PERSON),
        (_number(number), lockout.SMS_TO_NUMBER),
        (_range(number), lockout.SMS_TO_RANGE),
        (_place(ip), lockout.SMS_FROM_PLACE),
        (_network(ip), lockout.SMS_FROM_NETWORK),
        (f"sms-day:{day}:{number}", lockout.SMS_A_DAY),
    )


def _person(user_id: int) -> str:
    return f"sms-person:{user_id}"


def _number(number: str) -> str:
    return f"sms-number:{number}"


def _range(number: str) -> str:
    return f"sms-range:{number[:-_LAST_DIGITS]}"


def _place(ip: str | None) -> str:
    return f"sms-place:{network_of(ip)}"


def _network(ip: str | None) -> str:
    return f"sms-network:{wider_network_of(ip)}"


def _exhausted(retry_after_seconds: int) -> TextsExhausted:
    words = "Use the last code, an authenticator app or a recovery code, or wait."
    return TextsExhausted(words, retry_after_seconds=retry_after_seconds)
