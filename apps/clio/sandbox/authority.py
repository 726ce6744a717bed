"""The OAuth side of the stand-in: applications, codes, grants and tokens.

Tokens are signed texts, so a grant outlives a restart of the sandbox as it would outlive one of Clio's servers;
what is revoked or expired by hand is remembered while the process runs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

CODE_SECONDS = 600
BUILT_IN_REDIRECT = "https://app.clio.com/oauth/approval"


class GrantRefused(Exception):
    """A refusal at the token endpoint: the OAuth error word and a sentence."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True, slots=True)
class Application:
    """A developer application as registered in Clio's portal. No redirect URIs: any is taken."""

    client_id: str = "sandbox-client"
    client_secret: str = "sandbox-secret"  # noqa: S105 -- opens nothing but this stand-in
    redirect_uris: tuple[str, ...] = ()
    name: str = "SmarterFirms"

    def allows(self, redirect_uri: str) -> bool:
        """Tell whether a redirect URI equals a registered one."""
        return not self.redirect_uris or redirect_uri in self.redirect_uris or redirect_uri == BUILT_IN_REDIRECT


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that waits for its exchange. challenge: of PKCE (S256), if one was sent."""

    redirect_uri: str
    user_id: int
    expires_at: float
    challenge: str = ""

    def is_answered_by(self, verifier: str) -> bool:
        """Tell whether this is the verifier of the challenge; without one any is."""
        digest = hashlib.sha256(verifier.encode()).digest()
        made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return not self.challenge or hmac.compare_digest(made.encode(), self.challenge.encode())


@dataclass(frozen=True, slots=True)
class Token:
    """What a valid access token says."""

    grant: str
    user_id: int


@dataclass(slots=True)
class Authority:
    """Issues and checks codes and tokens for one application."""

    application: Application
    expires_in: int
    clock: Callable[[], float]
    signing_key: bytes = b"sandbox"
    rotates: bool = False
    """Whether a refresh answers with a new refresh token and takes the old one's power."""
    issued: dict[str, int] = field(default_factory=dict)
    """Grants made by this process -> the user."""
    _generations: dict[str, int] = field(default_factory=dict)
    _codes: dict[str, Code] = field(default_factory=dict)
    _revoked: set[str] = field(default_factory=set)
    _expired_before: float = 0.0
    _lock: Lock = field(default_factory=Lock)
    revoked: list[Callable[[str], None]] = field(default_factory=list)
    """Who hears of a grant that was revoked."""

    def issue_code(self, redirect_uri: str, user_id: int, challenge: str = "") -> str:
        """Return a new code, good for ten minutes and one exchange."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[code] = Code(redirect_uri, user_id, self.clock() + CODE_SECONDS, challenge)
        return code

    def exchange_code(self, code: str, redirect_uri: str, verifier: str = "") -> dict[str, str | int]:
        """Return the token answer for a code. Raises GrantRefused."""
        with self._lock:
            found = self._codes.pop(code, None)
        if found is None or found.expires_at <= self.clock():
            raise GrantRefused("invalid_grant", "The authorization code is invalid, expired or was used before.")
        if not found.is_answered_by(verifier):
            raise GrantRefused("invalid_grant", "The code verifier does not match the challenge.")
        if found.redirect_uri != redirect_uri:
            raise GrantRefused("invalid_grant", "The redirect URI does not match the authorization request.")
        return self.new_grant(found.user_id)

    def new_grant(self, user_id: int) -> dict[str, str | int]:
        """Return the token answer of a new grant."""
        grant = secrets.token_hex(8)
        self.issued[grant] = user_id
        answer = self._token_answer(grant, user_id)
        answer["refresh_token"] = self._refresh_token(grant, user_id, 0)
        return answer

    def refresh(self, refresh_token: str) -> dict[str, str | int]:
        """Return the token answer for a refresh token, which stays good unless they rotate. Raises GrantRefused."""
        parts = self._read(refresh_token)
        if len(parts) not in (3, 4) or parts[0] != "refresh" or parts[1] in self._revoked:
            raise GrantRefused("invalid_grant", "The refresh token is invalid or was revoked.")
        grant, user_id, generation = parts[1], int(parts[2]), int(parts[3]) if len(parts) == 4 else 0
        if not self.rotates:
            return self._token_answer(grant, user_id)
        with self._lock:
            if generation < self._generations.get(grant, 0):
                raise GrantRefused("invalid_grant", "The refresh token was used before.")
            self._generations[grant] = generation + 1
        return {**self._token_answer(grant, user_id),
                "refresh_token": self._refresh_token(grant, user_id, generation + 1)}  # fmt: skip

    def live_grants(self) -> dict[str, int]:
        """Return the grants made by this process that were not revoked, with their users."""
        return {grant: user for grant, user in list(self.issued.items()) if grant not in self._revoked}

    def check_client(self, client_id: str, client_secret: str) -> None:
        """Raise GrantRefused unless these are the application's key and secret."""
        known = self.application
        id_fits = hmac.compare_digest(client_id.encode(), known.client_id.encode())
        if not (hmac.compare_digest(client_secret.encode(), known.client_secret.encode()) and id_fits):
            raise GrantRefused("invalid_client", "Client authentication failed.", 401)

    def find(self, access_token: str) -> Token | None:
        """Return what a token says, or None when it is unknown, expired or revoked."""
        parts = self._read(access_token)
        if len(parts) != 6 or parts[0] != "access" or parts[1] in self._revoked:
            return None
        issued, expires = int(parts[3]), int(parts[4])
        now = self.clock()
        return None if expires <= now * 1000 or issued <= self._expired_before else Token(parts[1], int(parts[2]))

    def revoke(self, token: str | None) -> None:
        """Revoke the grant behind a token, access or refresh; None revokes nothing."""
        parts = self._read(token or "")
        if len(parts) > 1:
            self.end_grant(parts[1])

    def end_grant(self, grant: str) -> None:
        """Revoke a grant by its name."""
        self._revoked.add(grant)
        for listener in self.revoked:
            listener(grant)

    def expire_access_tokens(self) -> None:
        """Make every access token issued so far expired. Refresh tokens stay good."""
        self._expired_before = self.clock() * 1000

    def _token_answer(self, grant: str, user_id: int) -> dict[str, str | int]:
        issued = max(int(self.clock() * 1000), int(self._expired_before) + 1)
        text = f"access.{grant}.{user_id}.{issued}.{issued + self.expires_in * 1000}.{secrets.token_hex(4)}"
        return {"token_type": "bearer", "access_token": self._sign(text), "expires_in": self.expires_in}

    def _refresh_token(self, grant: str, user_id: int, generation: int) -> str:
        return self._sign(f"refresh.{grant}.{user_id}.{generation}")

    def _sign(self, text: str) -> str:
        return f"{text}.{self._signature(text)}"

    def _signature(self, text: str) -> str:
        key = self.signing_key + self.application.client_secret.encode()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]

    def _read(self, token: str) -> list[str]:
        text, _, signature = token.rpartition(".")
        if text and hmac.compare_digest(self._signature(text).encode(), signature.encode()):
            return text.split(".")
        return []
