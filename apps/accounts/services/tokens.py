"""Make and read the three kinds of token: access and half-way under JWT_SECRET, refresh under JWT_REFRESH_SECRET."""

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from apps.accounts.errors import TokenRefused


class FirmAccessToken(AccessToken):
    """An access token under the key of this moment's settings."""

    def get_token_backend(self) -> TokenBackend:
        """Return the backend with the access key."""
        return _backend(settings.SIMPLE_JWT["SIGNING_KEY"])


class FirmRefreshToken(RefreshToken):
    """A refresh token under its own key, so that neither kind passes for the other."""

    access_token_class = FirmAccessToken

    def get_token_backend(self) -> TokenBackend:
        """Return the backend with the refresh key."""
        return _backend(settings.JWT_REFRESH_SECRET)


class PendingToken(Token):
    """The password was right; the second factor is missing. It opens nothing but the next step."""

    token_type = "mfa_pending"  # noqa: S105 - the name of a kind
    lifetime = timedelta(minutes=5)

    def get_token_backend(self) -> TokenBackend:
        """Return the backend with the access key; the kind in the token keeps the two apart."""
        return _backend(settings.SIMPLE_JWT["SIGNING_KEY"])


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
    token = FirmAccessToken()
    _fill(token, user_id, session_id)
    token.set_iat(at_time=now)
    token.set_exp(from_time=now, lifetime=settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"])
    return str(token)


def make_pending(*, user_id: int, methods: tuple[str, ...], now: datetime) -> str:
    """Return the token of a sign-in that waits for its second factor. methods: how the first step was taken."""
    token = PendingToken()
    token["user_id"] = str(user_id)
    token["amr"] = list(methods)
    token.set_iat(at_time=now)
    token.set_exp(from_time=now, lifetime=PendingToken.lifetime)
    return str(token)


def read_refresh(text: str) -> dict[str, Any]:
    """Return a refresh token's claims. Raises TokenRefused."""
    keys = (settings.JWT_REFRESH_SECRET, settings.JWT_REFRESH_SECRET_PREVIOUS)
    return _of_a_session(_read(FirmRefreshToken, text, keys))


def read_access(text: str) -> dict[str, Any]:
    """Return an access token's claims. Raises TokenRefused."""
    return _of_a_session(_read(FirmAccessToken, text, _access_keys()))


def read_pending(text: str) -> dict[str, Any]:
    """Return the claims of a sign-in that waits for its second factor. Raises TokenRefused."""
    return _of_a_person(_read(PendingToken, text, _access_keys()))


def digest_of(token_id: str) -> str:
    """Return what is stored of a refresh token: a hash of its id."""
    return hashlib.sha256(token_id.encode()).hexdigest()


def _access_keys() -> tuple[str, str]:
    return settings.SIMPLE_JWT["SIGNING_KEY"], settings.JWT_SECRET_PREVIOUS


def _fill(token: Token, user_id: int, session_id: int) -> None:
    token["user_id"] = str(user_id)
    token["sid"] = session_id


@lru_cache(maxsize=8)
def _backend(key: str) -> TokenBackend:
    return TokenBackend(
        algorithm="HS256",
        signing_key=key,
        audience=settings.SIMPLE_JWT["AUDIENCE"],
        issuer=settings.SIMPLE_JWT["ISSUER"],
        leeway=settings.SIMPLE_JWT["LEEWAY"],
    )


@lru_cache(maxsize=8)
def _under(kind: type[Token], key: str) -> type[Token]:
    """Return the kind as it is read under one key; the second key of a rotation reads and never signs."""
    return type(kind.__name__, (kind,), {"get_token_backend": lambda _: _backend(key)})


def _read(kind: type[Token], text: str, keys: tuple[str, ...]) -> dict[str, Any]:
    failure: TokenError | None = None
    for key in filter(None, keys):
        try:
            claims: dict[str, Any] = _under(kind, key)(text).payload  # type: ignore[arg-type]  # simplejwt names the wrong type
        except TokenError as error:
            failure = error
        else:
            return claims
    raise TokenRefused from failure


def _of_a_session(claims: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(claims.get("sid"), int):
        raise TokenRefused
    return _of_a_person(claims)


def _of_a_person(claims: dict[str, Any]) -> dict[str, Any]:
    user_id = str(claims.get("user_id", ""))
    if not (user_id.isascii() and user_id.isdigit() and len(user_id) < 19):
        raise TokenRefused
    return claims
