"""Who is calling: the access token names a session, the session's row decides."""

from typing import Any

import structlog
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from apps.accounts.errors import TokenRefused
from apps.accounts.queries.firms import find_firm_access
from apps.accounts.queries.sessions import find_open_session
from apps.accounts.services.tokens import read_access
from apps.core.permissions import Principal, is_public

__all__ = ["SessionTokenAuthentication", "find_firm_access"]


class SessionTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`."""

    def authenticate(self, request: Request) -> tuple[Principal, dict[str, Any]] | None:
        """Return the caller and the token's claims, or None without a token. Raises TokenRefused."""
        if is_public(request):
            return None
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not text:
            return None
        claims = read_access(text.strip())
        user_id, session_id = int(claims["user_id"]), claims["sid"]
        standing = find_open_session(user_id=user_id, session_id=session_id, now=timezone.now())
        if standing is None:
            raise TokenRefused
        structlog.contextvars.bind_contextvars(user_id=user_id, session_id=session_id)
        who = Principal(user_id, session_id, is_two_factor=standing.is_two_factor, factor_at=standing.factor_at)
        return who, claims

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return "Bearer"


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its own hook has no types
    """How the OpenAPI document describes it."""

    target_class = SessionTokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme object."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
