"""Ways to a provider and back, to prove who somebody is: begun in one browser, taken back there, once."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import connection
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.contracts import IdentityPurpose, StartedAttempt, TakenAttempt
from apps.accounts.errors import IdentityAttemptInvalid, IdentityOfAnotherBrowser
from apps.accounts.models import IdentityAttempt
from apps.accounts.services.permit_link import read_permit
from apps.core.encryption import decrypt, encrypt
from apps.core.tenancy import knowing_address

_LASTS = timedelta(minutes=10)
_LONGEST_PATH = 500


def begin_identity_attempt(
    *, provider: str, region: str, purpose: IdentityPurpose, back_to: str, permit: str, now: datetime
) -> StartedAttempt:
    """Note that somebody is sent to a provider; return the secrets of the way, of which we keep hashes and a seal.

    back_to: where to go on; anything but a path of ours counts as nothing. permit: of the signed-in person who links
    (services/permit_link.py), else empty. Raises StepUpNeeded.
    """
    user_id, session_id = read_permit(permit, now=now) if purpose is IdentityPurpose.LINK else (None, None)
    started = StartedAttempt(
        state=secrets.token_urlsafe(32),
        browser_key=secrets.token_urlsafe(32),
        code_verifier=secrets.token_urlsafe(48),
        nonce=secrets.token_urlsafe(24),
        expires_at=now + _LASTS,
    )
    details = {
        "provider": provider,
        "region": region,
        "purpose": purpose.value,
        "back_to": _path_of_ours(back_to),
        "code_verifier": started.code_verifier,
        "nonce": started.nonce,
        "user_id": user_id,
        "session_id": session_id,
    }
    state_hash = _digest_of(started.state)
    with knowing_address(state_hash):
        _forget_old()
        IdentityAttempt.objects.create(
            state_hash=state_hash,
            browser_hash=_digest_of(started.browser_key),
            sealed_details=encrypt(json.dumps(details)),
            expires_at=started.expires_at,
        )
    return started


def take_identity_attempt(*, provider: str, state: str, browser_key: str, now: datetime) -> TakenAttempt:
    """Use an attempt up, whatever comes of it, and return what it was for.

    Raises IdentityAttemptInvalid; IdentityOfAnotherBrowser, which leaves it usable in the one that began it.
    """
    state_hash = _digest_of(state)
    with knowing_address(state_hash):
        attempt = IdentityAttempt.objects.select_for_update().filter(state_hash=state_hash).first()
        if attempt is None:
            raise IdentityAttemptInvalid("It was not begun here, or long ago.")
        if not compare_digest(attempt.browser_hash, _digest_of(browser_key)):
            raise IdentityOfAnotherBrowser
        if attempt.used_at is not None:
            raise IdentityAttemptInvalid("It was used already.")
        if attempt.expires_at <= now:
            raise IdentityAttemptInvalid("It was valid for ten minutes.")
        attempt.used_at = now
        attempt.save(update_fields=["used_at"])
    details = json.loads(decrypt(attempt.sealed_details))
    if details["provider"] != provider:
        raise IdentityAttemptInvalid("It was begun for another provider.")
    return TakenAttempt(**details | {"purpose": IdentityPurpose(details["purpose"])})


def _path_of_ours(path: str) -> str:
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and len(path) <= _LONGEST_PATH else ""


def _digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _forget_old() -> None:
    """Remove what nobody can use since a day; the database shows no others here."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_identityattempt WHERE expires_at < now() - interval '1 day'")
