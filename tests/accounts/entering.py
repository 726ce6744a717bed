"""People on their way in: registered, with a password, with a second factor."""

from datetime import timedelta
from typing import Any

import pyotp
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.contracts import Origin
from apps.accounts.models import Authenticator, User
from apps.accounts.services.start_session import start_session
from apps.core.encryption import decrypt
from apps.core.tenancy import acting_as
from tests.accounts.factories import PASSWORD, signed_in_client

ADDRESS = "Rita.Moreno@example.com"


def make_rita() -> User:
    """A confirmed person with a password."""
    return User.objects.create_user(ADDRESS, PASSWORD, name="Rita Moreno", email_verified_at=timezone.now())


def log_in(client: APIClient, **changes: Any) -> Any:
    """Post credentials."""
    return client.post("/api/v1/auth/login", {"email": ADDRESS, "password": PASSWORD, **changes}, format="json")


def refresh(client: APIClient, token: str) -> Any:
    """Post a refresh token."""
    return client.post("/api/v1/auth/refresh", {"refresh": token}, format="json")


def bearer(access: str) -> APIClient:
    """A client that shows an access token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def add_app(user: User) -> list[str]:
    """Set up an authenticator app through the API; return the recovery codes."""
    client = signed_in_client(user, second_factor=False)
    begun = client.post("/api/v1/me/second-factor/app", {"password": PASSWORD}, format="json")
    assert begun.status_code == 201, begun.json()
    code = pyotp.TOTP(begun.json()["key"]).at(timezone.now())
    confirmed = client.post("/api/v1/me/second-factor/app/confirm", {"code": code}, format="json")
    assert confirmed.status_code == 200, confirmed.json()
    codes: list[str] = confirmed.json()["recovery_codes"]
    return codes


def app_code(user: User, *, steps_ahead: int = 0) -> str:
    """What the person's app shows now, or `steps_ahead` half minutes later."""
    with acting_as(user.pk):
        key = decrypt(Authenticator.objects.get(user=user).sealed_key)
    return pyotp.TOTP(key).at(timezone.now() + timedelta(seconds=30 * steps_ahead))


def enter_admin(client: Client, user: User) -> None:
    """Sign a browser in to the admin, with a second factor proved a moment ago."""
    pair = start_session(user_id=user.pk, origin=Origin(), now=timezone.now(), methods=("password", "app"))
    client.force_login(user)
    session = client.session
    session["sid"] = pair.session_id
    session.save()


def browser_of(user: User, *, second_factor: bool = True, checks_forgery: bool = False) -> Client:
    """A browser signed in to our pages, its second factor just proved."""
    methods = ("password", "app") if second_factor else ("password",)
    pair = start_session(user_id=user.pk, origin=Origin(), now=timezone.now(), methods=methods)
    client = Client(enforce_csrf_checks=checks_forgery)
    client.force_login(user)
    session = client.session
    session["sid"] = pair.session_id
    session.save()
    return client
