"""Clio's OAuth 2.0 (clio-api.md 2): the authorization code grant, refresh, deauthorize."""

from typing import Any, NoReturn
from urllib.parse import urlencode

from django.conf import settings

from apps.clio.contracts import ClioApplication, Tokens
from apps.clio.errors import ClioGrantRevoked
from apps.clio.vendors.clio_answers import seconds_to_wait
from apps.clio.vendors.region_session import RegionSession
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.vendor_http import json_of

_VENDOR = "Clio"
_LONGEST_LIFE_SECONDS = 10 * 365 * 86_400
# All of one call ends before the claim of who refreshes a token does (services/access_token.py).
_PATIENCE_SECONDS, _TOTAL_SECONDS = (3.05, 15), 18.0


def redirect_uri() -> str:
    """Return the address Clio sends people back to; registered with the application to the letter."""
    return f"{settings.PUBLIC_BASE_URL}/clio/callback"


def authorize_url(application: ClioApplication, *, state: str) -> str:
    """Return where a person allows the connection. A decline comes back too."""
    query = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": redirect_uri(),
        "state": state,
        "redirect_on_decline": "true",
    }
    return f"{application.host}/oauth/authorize?{urlencode(query)}"


def exchange_code(application: ClioApplication, *, code: str) -> Tokens:
    """Trade the code of the way back for tokens. Raises ClioGrantRevoked when Clio does not take it."""
    return _tokens(application, {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri()})


def refresh(application: ClioApplication, *, refresh_token: str) -> Tokens:
    """Get a fresh access token. Raises ClioGrantRevoked when the grant no longer stands."""
    return _tokens(application, {"grant_type": "refresh_token", "refresh_token": refresh_token})


def deauthorize(host: str, *, access_token: str) -> None:
    """Give the grant back. A token Clio no longer knows is given back already."""
    session = RegionSession(host, goes_blind=True)
    try:
        response = session.request(
            "POST",
            f"{host}/oauth/deauthorize",
            data={"token": access_token},
            headers={"Authorization": f"Bearer {access_token}"},
        )
    finally:
        session.close()
    if response.status_code == 429:
        raise VendorUnavailable("Clio asks us to wait.", retry_after_seconds=seconds_to_wait(response.headers))
    if response.status_code not in (200, 204, 401):
        raise VendorRejected(f"Clio answered {response.status_code} to the disconnection.")


def _tokens(application: ClioApplication, form: dict[str, str]) -> Tokens:
    session = RegionSession(application.host, goes_blind=True, total_seconds=_TOTAL_SECONDS)
    try:
        secrets = {"client_id": application.client_id, "client_secret": application.client_secret}
        response = session.request(
            "POST", f"{application.host}/oauth/token", data=secrets | form, timeout=_PATIENCE_SECONDS
        )
    finally:
        session.close()
    if response.status_code == 429:
        raise VendorUnavailable("Clio asks us to wait.", retry_after_seconds=seconds_to_wait(response.headers))
    body = json_of(response, _VENDOR)
    if response.status_code != 200:
        _refuse(response.status_code, body)
    return _tokens_of(body)


def _tokens_of(body: Any) -> Tokens:
    """Read the answer. What is no text is no token: it would be sent and stored as one."""
    try:
        access, refreshing, seconds = body["access_token"], body.get("refresh_token"), int(body["expires_in"])
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise VendorRejected("Clio's token answer has no token in it.") from error
    if not isinstance(access, str) or not access or not isinstance(refreshing, str | None):
        raise VendorRejected("Clio's token answer has no token in it.")
    if not 0 < seconds <= _LONGEST_LIFE_SECONDS:
        raise VendorRejected("Clio's token answer has no lifetime in it.")
    return Tokens(access, refreshing, seconds)


def _refuse(status: int, body: Any) -> NoReturn:
    """invalid_grant is about the person's grant; every other refusal is about our application and its settings."""
    reason = body.get("error") if isinstance(body, dict) else None
    if reason in ("invalid_grant", "access_denied"):
        raise ClioGrantRevoked
    raise VendorRejected(f"Clio refused the application ({reason if isinstance(reason, str) else status}).")
