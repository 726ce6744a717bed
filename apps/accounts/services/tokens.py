"""Make and read the two kinds of token: access signed with JWT_SECRET, refresh with JWT_REFRESH_SECRET."""

import hashlib
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from apps.accounts.errors import TokenRefused


class FirmRefreshToken(RefreshToken):
    """A refresh token under its own key, so that neither kind passes for the other."""

    access_token_class = AccessToken

    @cached_property
    def _refresh_backend(self) -> TokenBackend:
        return TokenBackend(
            algorithm="HS256",
            signing_key=settings.JWT_REFRESH_SECRET,
            audience=settings.SIMPLE_JWT["AUDIENCE"],
            issuer=settings.SIMPLE_JWT["ISSUER"],
            leeway=settings.SIMPLE_JWT["LEEWAY"],
        )

    def get_token_backend(self) -> TokenBackend:
        """Return the backend with the refresh key."""
        return self._refresh_backend


def session_end(started_at: datetime) -> datetime:
    """Return when a session that starts now ends, however often its token is rotated."""
    lifetime: timedelta = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    return started_at + lifetime


def make_refresh(*, user_id: int, session_id: int, expires_at: datetime, now: datetime) -> FirmRefreshToken:
    """Return a refresh token of a session; its lifetime is the session's, rotation does not lengthen it."""
    token = FirmRefreshToken()
    _fill(token, user_id, session_id)
    token.set_iat(at_time=now)
    token["exp"] = int(expires_at.timestamp())
    return token


def make_access(*, user_id: int, session_id: int, now: datetime) -> str:
    """Return an access token of a session."""
    token = AccessToken()
    _fill(token, user_id, session_id)
    token.set_iat(at_time=now)
    token.set_exp(from_time=now, lifetime=settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"])
    return str(token)


def read_refresh(text: str) -> dict[str, Any]:
    """Return a refresh token's claims. Raises TokenRefused."""
    return _read(FirmRefreshToken, text)


def read_access(text: str) -> dict[str, Any]:
    """Return an access token's claims. Raises TokenRefused."""
    return _read(AccessToken, text)


def digest_of(token_id: str) -> str:
    """Return what is stored of a refresh token: a hash of its id."""
    return hashlib.sha256(token_id.encode()).hexdigest()


def _fill(token: Token, user_id: int, session_id: int) -> None:
    token["user_id"] = str(user_id)
    token["sid"] = session_id


def _read(kind: type[Token], text: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = kind(text).payload  # type: ignore[arg-type]  # simplejwt names the wrong type
    except TokenError as error:
        raise TokenRefused from error
    if not str(claims.get("user_id", "")).isdigit() or not isinstance(claims.get("sid"), int):
        raise TokenRefused
    return claims
