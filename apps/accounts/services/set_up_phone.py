"""Text messages as second factor: name the number, confirm it by a first code."""

from datetime import datetime

from django.conf import settings

from apps.accounts.contracts import Origin
from apps.accounts.errors import FactorExists, PhoneRefused
from apps.accounts.models import Phone, SentCode
from apps.accounts.rules.codes import plain_code
from apps.accounts.rules.lockout import FACTOR_TRIES
from apps.accounts.rules.methods import SMS
from apps.accounts.rules.phones import NumberRefused, read_number
from apps.accounts.services.announce_factor import announce_factor_added
from apps.accounts.services.check_code import check_code
from apps.accounts.services.confirm_identity import confirm_identity
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.prove_factor import code_refused
from apps.accounts.services.recovery_codes import first_recovery_codes
from apps.accounts.services.send_code import send_code
from apps.accounts.services.step_up import mark_proved
from apps.accounts.services.take_try import forget_tries, take_try
from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as


def begin_phone(
    *, user_id: int, number: str, factor_at: datetime | None, password: str, origin: Origin, now: datetime
) -> None:
    """Note the number and text a code to it. It counts for nothing until that code was given.

    Raises PhoneRefused, FactorExists, TextsExhausted; StepUpNeeded or PasswordWrong (confirm_identity).
    """
    try:
        clean = read_number(number, settings.SMS_COUNTRIES)
    except NumberRefused as error:
        raise PhoneRefused(faults=(FieldFault("/phone", str(error), "phone_refused"),)) from error
    confirm_identity(user_id=user_id, factor_at=factor_at, password=password, now=now)
    with acting_as(user_id):
        if Phone.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists():
            raise FactorExists("Remove the number you have before you set up another.")
        Phone.objects.update_or_create(user_id=user_id, defaults={"number": clean, "confirmed_at": None})
    send_code(user_id=user_id, purpose=SentCode.Purpose.PHONE, origin=origin, now=now)


def confirm_phone(*, user_id: int, session_id: int, code: str, origin: Origin, now: datetime) -> tuple[str, ...]:
    """Take the texted code: from now on the number counts. Returns recovery codes if these are the person's first.

    Raises CodeRefused, SignInLocked, VendorUnavailable.
    """
    counted = take_try(subject=f"factor:{user_id}", policy=FACTOR_TRIES, now=now)
    plain = plain_code(code)
    number = check_code(user_id=user_id, purpose=SentCode.Purpose.PHONE, code=plain, ip=origin.ip, now=now)
    is_right = False
    with acting_as(user_id):
        if number is not None:  # and still the one the person named: it alone is proved
            named = Phone.objects.filter(user_id=user_id, number=number, confirmed_at__isnull=True)
            is_right = named.update(confirmed_at=now) == 1
        if is_right and number is not None:
            update_contact_card(user_id=user_id)
            factor = f"text message to the number ending in {number[-4:]}"
            announce_factor_added(user_id=user_id, factor=factor, origin=origin, now=now)
            mark_proved(user_id=user_id, session_id=session_id, method=SMS, now=now)
            codes = first_recovery_codes(user_id=user_id)
    if not is_right:
        raise code_refused()
    forget_tries(subject=counted.subject)
    return codes
