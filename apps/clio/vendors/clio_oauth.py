"""Clio's OAuth 2.0 (clio-api.md 2): the authorization code grant, refresh, deauthorize."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from apps.clio.contracts import Tokens
from apps.clio.errors import ClioGrantRevoked
from apps.core.errors import VendorRejected
from apps.core.vendor_http import VendorSession, json_of

_VENDOR = "Clio"


def redirect_uri() -> str:
    """Return the address Clio sends people back to; registered with the application to the letter."""
    return f"{settings.PUBLIC_BASE_URL}/clio/callback"


def authorize_url(host: str, *, state: str) -> str:
    """Return where a person allows the connection. A decline comes back too."""
    query = {
        "response_type": "code",
        "client_id": settings.CLIO_CLIENT_ID,
        "redirect_uri": redirect_uri(),
        "state": state,
        "redirect_on_decline": "true",
    }
    return f"{host}/oauth/authorize?{urlencode(query)}"


def exchange_code(host: str, *, code: str) -> Tokens:
    """Trade the code of the way back for tokens. Raises ClioGrantRevoked when Clio does not take it."""
    return _tokens(host, {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri()})


def refresh(host: str, *, refresh_token: str) -> Tokens:
    """Get a fresh access token. Raises ClioGrantRevoked when the grant no longer stands."""
    return _tokens(host, {"grant_type": "refresh_token", "refresh_token": refresh_token})


def deauthorize(host: str, *, access_token: str) -> None:
    """Give the grant back. A token Clio no longer knows is given back already."""
    session = VendorSession(_VENDOR)
    try:
        response = session.request(
            "POST",
            f"{host}/oauth/deauthorize",
            data={"token": access_token},
            headers={"Authorization": f"Bearer {access_token}"},
        )
    finally:
        session.close()
    if response.status_code not in (200, 204, 401):
        raise VendorRejected(f"Clio answered {response.status_code} to the disconnection.")


def _tokens(host: str, form: dict[str, str]) -> Tokens:
    session = VendorSession(_VENDOR)
    try:
        secrets = {"client_id": settings.CLIO_CLIENT_ID, "client_secret": settings.CLIO_CLIENT_SECRET}
        response = session.request("POST", f"{host}/oauth/token", data=secrets | form)
    finally:
        session.close()
    body = json_of(response, _VENDOR)
    if response.status_code != 200:
        _refuse(response.status_code, body)
    try:
        return Tokens(str(body["access_token"]), body.get("refresh_token"), int(body["expires_in"]))
    except (KeyError, TypeError, ValueError) as error:
        raise VendorRejected("Clio's token answer has no token in it.") from error


def _refuse(status: int, body: Any) -> None:
    """invalid_grant is about the person's grant; every other refusal is about our application and its settings."""
    reason = body.get("error") if isinstance(body, dict) else None
    if reason in ("invalid_grant", "access_denied"):
        raise ClioGrantRevoked
    raise VendorRejected(f"Clio refused the application ({reason if isinstance(reason, str) else status}).")
