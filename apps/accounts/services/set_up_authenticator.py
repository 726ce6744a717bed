"""An authenticator app as second factor: begin, confirm by a first code."""

import io
from datetime import datetime

import pyotp
import segno

from apps.accounts.contracts import NewAuthenticator, Origin
from apps.accounts.errors import FactorExists
from apps.accounts.models import Authenticator
from apps.accounts.rules.codes import plain_code
from apps.accounts.rules.lockout import FACTOR_TRIES
from apps.accounts.rules.methods import APP
from apps.accounts.services.announce_factor import announce_factor_added
from apps.accounts.services.confirm_identity import confirm_identity
from apps.accounts.services.prove_factor import code_refused, take_app_code
from apps.accounts.services.recovery_codes import first_recovery_codes
from apps.accounts.services.step_up import mark_proved
from apps.accounts.services.take_try import forget_tries, take_try
from apps.core.encryption import encrypt
from apps.core.tenancy import acting_as

_ISSUER = "Smarter Firms"


def begin_authenticator(*, user_id: int, factor_at: datetime | None, password: str, now: datetime) -> NewAuthenticator:
    """Make a key for the app and the QR code that carries it. It counts for nothing until a code of it was given.

    Raises FactorExists; StepUpNeeded or PasswordWrong (confirm_identity).
    """
    user = confirm_identity(user_id=user_id, factor_at=factor_at, password=password, now=now)
    key = pyotp.random_base32()
    with acting_as(user_id):
        if Authenticator.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists():
            raise FactorExists("Remove the app you have before you set up another.")
        Authenticator.objects.update_or_create(
            user_id=user_id, defaults={"sealed_key": encrypt(key), "confirmed_at": None, "last_step": 0}
        )
    uri = pyotp.TOTP(key).provisioning_uri(name=user.email, issuer_name=_ISSUER)
    return NewAuthenticator(key, uri, _qr_of(uri))


def confirm_authenticator(
    *, user_id: int, session_id: int, code: str, origin: Origin, now: datetime
) -> tuple[str, ...]:
    """Take the app's first code: from now on it is asked for. Returns recovery codes if these are the person's first.

    Raises CodeRefused, SignInLocked.
    """
    counted = take_try(subject=f"factor:{user_id}", policy=FACTOR_TRIES, now=now)
    with acting_as(user_id):
        begun = Authenticator.objects.select_for_update().filter(user_id=user_id, confirmed_at__isnull=True).first()
        is_right = begun is not None and take_app_code(begun, plain_code(code), now)
        if is_right:
            Authenticator.objects.filter(user_id=user_id).update(confirmed_at=now)
            announce_factor_added(user_id=user_id, factor="authenticator app", origin=origin, now=now)
            mark_proved(user_id=user_id, session_id=session_id, method=APP, now=now)
            codes = first_recovery_codes(user_id=user_id)
    if not is_right:
        raise code_refused()
    forget_tries(subject=counted.subject)
    return codes


def _qr_of(uri: str) -> str:
    picture = io.BytesIO()
    segno.make(uri, error="m").save(picture, kind="svg", border=4, light="#ffffff", xmldecl=False, omitsize=True)
    return picture.getvalue().decode()
