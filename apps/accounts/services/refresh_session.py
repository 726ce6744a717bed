"""Exchange a refresh token for a new pair. A token used twice ends the session."""

from datetime import datetime
from typing import Any

from apps.accounts.contracts import Origin, TokenPair
from apps.accounts.errors import RefreshUnderWay, TokenRefused
from apps.accounts.models import Session, User
from apps.accounts.rules.devices import name_device
from apps.accounts.rules.tokens import Presented, judge_old_token
from apps.accounts.services import tokens
from apps.accounts.services.mailed_links import address_of
from apps.core import audit
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def refresh_session(*, refresh: str, origin: Origin, now: datetime) -> TokenPair:
    """Rotate the session's token by compare-and-swap, note where it was used, and return the new pair.

    Raises TokenRefused; RefreshUnderWay for a client's own retry within seconds of the first. A later reuse revokes the
    session and tells the person: either the thief or the owner holds the newer token, and both must sign in again.
    """
    claims = tokens.read_refresh(refresh)
    user_id, session_id = int(claims["user_id"]), claims["sid"]
    with acting_as(user_id):
        successor = _swap(user_id, session_id, tokens.digest_of(claims["jti"]), origin, now)
        verdict = None if successor else _judge(claims, origin, now)
    if successor is not None:
        access = tokens.make_access(user_id=user_id, session_id=session_id, now=now)
        return TokenPair(access=access, refresh=str(successor), session_id=session_id)
    if verdict is Presented.RETRY:
        raise RefreshUnderWay
    raise TokenRefused


def _swap(user_id: int, session_id: int, token_hash: str, origin: Origin, now: datetime) -> Any | None:
    session = Session.objects.filter(pk=session_id).only("expires_at").first()
    if session is None or not User.objects.filter(pk=user_id, is_active=True).exists():
        return None
    successor = tokens.make_refresh(user_id=user_id, session_id=session_id, expires_at=session.expires_at, now=now)
    swapped = Session.objects.filter(
        pk=session_id, token_hash=token_hash, revoked_at__isnull=True, expires_at__gt=now
    ).update(
        token_hash=tokens.digest_of(successor["jti"]),
        previous_token_hash=token_hash,
        rotated_at=now,
        last_used_at=now,
        ip=origin.ip,
        user_agent=origin.user_agent[:300],
        device=name_device(origin.user_agent),
        place=origin.place_name[:120],
    )
    return successor if swapped else None


def _judge(claims: dict[str, Any], origin: Origin, now: datetime) -> Presented:
    session = Session.objects.filter(pk=claims["sid"], revoked_at__isnull=True).select_related("user").first()
    if session is None:
        return Presented.UNKNOWN
    verdict = judge_old_token(
        token_hash=tokens.digest_of(claims["jti"]),
        previous_hash=session.previous_token_hash,
        rotated_at=session.rotated_at,
        now=now,
    )
    if verdict is Presented.REUSE:
        _close(session, origin, now)
    return verdict


def _close(session: Session, origin: Origin, now: datetime) -> None:
    closed = Session.objects.filter(pk=session.pk, revoked_at__isnull=True).update(
        revoked_at=now, revoked_because="token used twice"
    )
    if not closed:  # another request met the same reuse and has told the person
        return
    context = {
        "name": session.user.name,
        "device": name_device(origin.user_agent),
        "place": origin.place_name,
        "seen_at": now.isoformat(),
        "address": address_of("/account/sessions"),
    }
    notify(recipient=session.user_id, kind="accounts.session_copied", context=context)
    audit.record("accounts.refresh_token_reused", user_id=session.user_id, target=f"session:{session.pk}", ip=origin.ip)
