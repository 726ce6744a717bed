"""Is this the person's second factor? Every try is counted before it is judged; every code works once."""

import hmac
from datetime import datetime

import pyotp

from apps.accounts.contracts import Origin
from apps.accounts.errors import CodeRefused
from apps.accounts.models import Authenticator, RecoveryCode, User
from apps.accounts.rules import methods
from apps.accounts.rules.codes import plain_code
from apps.accounts.rules.devices import name_device
from apps.accounts.rules.lockout import FACTOR_TRIES
from apps.accounts.services.check_code import check_code
from apps.accounts.services.mailed_links import address_of
from apps.accounts.services.stop_factor_reset import note_factor_proved
from apps.accounts.services.take_try import Try, forget_tries, take_try
from apps.core import audit
from apps.core.encryption import decrypt, keyed_digest
from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify

_STEP_SECONDS = 30


def prove_factor(*, user_id: int, method: str, code: str, purpose: str, origin: Origin, now: datetime) -> None:
    """Return if the code is right, and use it up.

    method: of rules/methods.py. purpose: of SentCode, what a texted code was sent for. Raises CodeRefused, the same for
    wrong, used, late and missing; SignInLocked after too many tries by any method; VendorUnavailable where a vendor
    made the code. Call it in no transaction.
    """
    counted = take_try(subject=f"factor:{user_id}", policy=FACTOR_TRIES, now=now)
    plain = plain_code(code)
    texted = None
    if method == methods.SMS:  # a vendor may have to be asked, which no transaction waits for
        texted = check_code(user_id=user_id, purpose=purpose, code=plain, ip=origin.ip, now=now)
    with acting_as(user_id):
        is_right = texted is not None or _judge(user_id, method, plain, now)
        if is_right and method == methods.RECOVERY:
            _tell_recovery(user_id, origin, now)
        if not is_right:
            audit.record("accounts.second_factor_refused", user_id=user_id, ip=origin.ip, method=method)
            _tell_locked(user_id, counted, origin)
    if not is_right:
        raise code_refused()
    forget_tries(subject=counted.subject)
    note_factor_proved(user_id=user_id, now=now)


def take_app_code(authenticator: Authenticator, code: str, now: datetime) -> bool:
    """Tell whether the app's code is right, and make it and older ones useless. One step early or late is forgiven."""
    if not code.isascii():
        return False
    totp, current = pyotp.TOTP(decrypt(authenticator.sealed_key)), int(now.timestamp()) // _STEP_SECONDS
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            newer = Authenticator.objects.filter(pk=authenticator.pk, last_step__lt=step)
            return newer.update(last_step=step) == 1
    return False


def recovery_code_digest(user_id: int, code: str) -> str:
    """Return what is stored of a recovery code."""
    return keyed_digest(f"recovery:{user_id}:{code}")


def code_refused() -> CodeRefused:
    """Return the error that names the field."""
    fault = FieldFault("/code", "Wrong, used already, or too old.", "code_refused")
    return CodeRefused("Take the code now shown, or ask for a new one.", faults=(fault,))


def _judge(user_id: int, method: str, code: str, now: datetime) -> bool:
    if not (code.isascii() and code):
        return False
    if method == methods.APP:
        authenticator = Authenticator.objects.filter(user_id=user_id, confirmed_at__isnull=False).first()
        return authenticator is not None and take_app_code(authenticator, code, now)
    if method != methods.RECOVERY:
        return False
    digest = recovery_code_digest(user_id, code)
    unused = RecoveryCode.objects.filter(user_id=user_id, code_digest=digest, used_at__isnull=True)
    return unused.update(used_at=now) == 1


def _tell_recovery(user_id: int, origin: Origin, now: datetime) -> None:
    context: dict[str, str | int | bool] = {
        "name": User.objects.values_list("name", flat=True).get(pk=user_id),
        "used_at": now.isoformat(),
        "device": name_device(origin.user_agent),
        "codes_left": RecoveryCode.objects.filter(user_id=user_id, used_at__isnull=True).count(),
        "address": address_of("/account/recovery-codes"),
    }
    notify(recipient=user_id, kind="accounts.recovery_code_used", context=context)
    audit.record("accounts.recovery_code_used", user_id=user_id, ip=origin.ip)


def _tell_locked(user_id: int, counted: Try, origin: Origin) -> None:
    if not counted.is_first_lock or counted.locks_until is None:
        return
    context: dict[str, str | int | bool] = {
        "name": User.objects.values_list("name", flat=True).get(pk=user_id),
        "tries": counted.tries,
        "opens_at": counted.locks_until.isoformat(),
        "place": origin.place_name,
        "address": address_of("/forgot"),
    }
    notify(recipient=user_id, kind="accounts.locked_out", context=context)
    audit.record("accounts.locked_out", user_id=user_id, ip=origin.ip)
