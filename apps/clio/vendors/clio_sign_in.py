"""Clio as a place to sign in: the authorization code, traded once to learn who somebody is (clio-api.md 2).

Clio documents neither PKCE nor an ID token for this API. A challenge is sent and an ID token held to our nonce; nothing
depends on them: the code is traded with our client secret, and the state is bound to one browser.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings

from apps.clio.contracts import ClioApplication
from apps.clio.errors import ClioForbids, ClioGrantRevoked, ClioRequestRefused, ClioUserDisabled
from apps.clio.vendors.region_session import RegionSession
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.vendor_http import json_of

_VENDOR = "Clio"
_WHO_AM_I = "id,name,email,enabled,account{id,name}"
_PERSONS_PATIENCE_SECONDS = (3.05, 10)


@dataclass(frozen=True, slots=True)
class ClioPerson:
    """Who signed in at Clio. email and names: as Clio states them, perhaps empty."""

    user_id: int
    email: str
    name: str
    account_name: str


def redirect_uri() -> str:
    """Return where Clio sends people back to; registered with the application to the letter, beside the other one."""
    return f"{settings.PUBLIC_BASE_URL}/auth/clio/callback"


def authorize_url(application: ClioApplication, *, state: str, nonce: str, code_verifier: str) -> str:
    """Return where a person signs in. A decline comes back too."""
    query = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": redirect_uri(),
        "state": state,
        "nonce": nonce,
        "redirect_on_decline": "true",
    }
    if settings.CLIO_SIGN_IN_PKCE:
        query |= {"code_challenge": _challenge_of(code_verifier), "code_challenge_method": "S256"}
    return f"{application.host}/oauth/authorize?{urlencode(query)}"


def exchange_code(application: ClioApplication, *, code: str, code_verifier: str, nonce: str) -> str:
    """Trade the code for an access token. Raises ClioGrantRevoked, VendorRejected, VendorUnavailable."""
    form = {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
    }
    if settings.CLIO_SIGN_IN_PKCE:
        form["code_verifier"] = code_verifier
    response = _call(application, "POST", "/oauth/token", data=form)
    if response.status_code == 429:
        raise VendorUnavailable("Clio asks us to wait.")
    body = json_of(response, _VENDOR)
    if not isinstance(body, dict):
        raise VendorRejected("Clio's token answer is no object.")
    if response.status_code != 200:
        if body.get("error") == "invalid_grant":
            raise ClioGrantRevoked
        raise VendorRejected(f"Clio refused the application ({response.status_code}).")
    token = body.get("access_token")
    if not isinstance(token, str) or not token:
        raise VendorRejected("Clio's token answer has no token in it.")
    _hold_to_nonce(body.get("id_token"), nonce)
    return token


def who_am_i(application: ClioApplication, *, access_token: str) -> ClioPerson:
    """Return whose token this is.

    Raises ClioUserDisabled, ClioForbids, ClioRequestRefused, VendorRejected, VendorUnavailable.
    """
    query = urlencode({"fields": _WHO_AM_I})
    headers = {
        "Authorization": f"Bearer {access_token}",
        "X-API-VERSION": settings.CLIO_API_VERSION,
        "Accept": "application/json",
    }
    response = _call(application, "GET", f"/api/v4/users/who_am_i.json?{query}", headers=headers)
    if response.status_code == 429:
        raise VendorUnavailable("Clio asks us to wait.")
    if response.status_code in (401, 403):
        raise ClioForbids(f"Clio answered {response.status_code}.")
    if response.status_code != 200:
        raise ClioRequestRefused(f"Clio answered {response.status_code}.")
    return _person_of(json_of(response, _VENDOR))


def _person_of(body: Any) -> ClioPerson:
    person = body.get("data") if isinstance(body, dict) else None
    if not isinstance(person, dict) or type(person.get("id")) is not int or person["id"] < 1:
        raise VendorRejected("Clio did not tell who signed in.")
    if person.get("enabled") is False:
        raise ClioUserDisabled
    account = person.get("account")
    account_name = account.get("name") if isinstance(account, dict) else None
    return ClioPerson(person["id"], _text(person.get("email")), _text(person.get("name")), _text(account_name))


def _text(value: object) -> str:
    return value.replace("\x00", "").strip()[:250] if isinstance(value, str) else ""


def _call(application: ClioApplication, method: str, path: str, **options: Any) -> requests.Response:
    session = RegionSession(application.host, goes_blind=True)
    try:
        return session.request(method, f"{application.host}{path}", timeout=_PERSONS_PATIENCE_SECONDS, **options)
    finally:
        session.close()


def _challenge_of(code_verifier: str) -> str:
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _hold_to_nonce(id_token: object, nonce: str) -> None:
    """Refuse an ID token made for another request. It came straight from Clio over TLS, which vouches for the rest."""
    if id_token is None:
        return
    try:
        payload = str(id_token).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, binascii.Error, ValueError) as error:
        raise VendorRejected("Clio's ID token cannot be read.") from error
    if not isinstance(claims, dict) or claims.get("nonce") != nonce:
        raise VendorRejected("Clio's ID token was made for another request.")
