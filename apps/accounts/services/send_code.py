"""Text a code to a person's number, within limits: every message costs money, and somebody may be after just that."""

from datetime import datetime, timedelta

from apps.accounts.contracts import Origin
from apps.accounts.errors import FactorMissing, SignInLocked, TextsExhausted
from apps.accounts.models import Phone, SentCode, User
from apps.accounts.rules.codes import make_sms_code
from apps.accounts.rules.lockout import SMS_FROM_PLACE, SMS_TO_NUMBER, SMS_TO_PERSON
from apps.accounts.services.prove_factor import sent_code_digest
from apps.accounts.services.take_try import take_try
from apps.core import audit
from apps.core.client_address import network_of
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify

CODE_LASTS = timedelta(minutes=5)
_KINDS = {
    SentCode.Purpose.SIGN_IN: "accounts.sign_in_code",
    SentCode.Purpose.STEP_UP: "accounts.step_up_code",
    SentCode.Purpose.PHONE: "accounts.phone_code",
}


def send_code(*, user_id: int, purpose: SentCode.Purpose, origin: Origin, now: datetime) -> None:
    """Text a new code; the older ones of this purpose stop working.

    Raises FactorMissing without a confirmed number (to confirm one, an unconfirmed will do), TextsExhausted.
    """
    with acting_as(user_id):
        phones = Phone.objects.filter(user_id=user_id)
        if purpose is not SentCode.Purpose.PHONE:
            phones = phones.filter(confirmed_at__isnull=False)
        number = phones.values_list("number", flat=True).first()
    if number is None:
        raise FactorMissing("There is no confirmed number to text a code to.")
    _count(user_id, number, origin, now)
    code = make_sms_code()
    with acting_as(user_id):
        User.objects.select_for_update().get(pk=user_id)  # of two requests at one moment the later code counts
        earlier = SentCode.objects.filter(user_id=user_id, purpose=purpose)
        earlier.filter(expires_at__lt=now - timedelta(days=30)).delete()
        earlier.filter(used_at__isnull=True).update(used_at=now)
        SentCode.objects.create(
            user_id=user_id,
            purpose=purpose,
            code_digest=sent_code_digest(user_id, purpose, code),
            expires_at=now + CODE_LASTS,
        )
        minutes = int(CODE_LASTS.total_seconds() // 60)
        notify(recipient=user_id, kind=_KINDS[purpose], context={"code": code, "minutes": minutes})
        audit.record("accounts.code_sent", user_id=user_id, ip=origin.ip, purpose=str(purpose))


def _count(user_id: int, number: str, origin: Origin, now: datetime) -> None:
    limits = (
        (f"sms-person:{user_id}", SMS_TO_PERSON),
        (f"sms-number:{number}", SMS_TO_NUMBER),
        (f"sms-place:{network_of(origin.ip)}", SMS_FROM_PLACE),
    )
    for subject, policy in limits:
        try:
            take_try(subject=subject, policy=policy, now=now)
        except SignInLocked as error:
            raise TextsExhausted(
                "Use the last code, an authenticator app or a recovery code, or wait.",
                retry_after_seconds=error.retry_after_seconds,
            ) from error
