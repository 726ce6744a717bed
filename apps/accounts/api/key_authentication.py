"""API keys as callers: `Authorization: Bearer sf_live_...`, beside the tokens of people."""

from typing import Any

import structlog
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from apps.accounts.rules.api_keys import MARK
from apps.accounts.services.use_api_key import use_api_key
from apps.core.client_address import client_ip
from apps.core.permissions import Principal, is_public


class ApiKeyAuthentication(BaseAuthentication):
    """Takes tokens that begin like a key and leaves every other one to the sessions' class."""

    def authenticate(self, request: Request) -> tuple[Principal, None] | None:
        """Return the caller, who stands in the firm of the key, or None. Raises TokenRefused."""
        if is_public(request):
            return None
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        text = text.strip()
        if scheme.lower() != "bearer" or not text.startswith(MARK):
            return None
        used = use_api_key(text=text, ip=client_ip(request._request), now=timezone.now())
        structlog.contextvars.bind_contextvars(user_id=used.user_id, api_key_id=used.api_key_id)
        return Principal(used.user_id, None, firm=used.access, api_key_id=used.api_key_id), None

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return "Bearer"


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its own hook has no types
    """How the OpenAPI document describes it."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme object."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A firm's API key. It reads what its scopes name, and changes nothing.",
        }
