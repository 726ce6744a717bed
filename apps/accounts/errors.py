"""Errors of accounts."""

from apps.core.errors import Conflict, InvalidInput, NotAuthenticated


class CredentialsRefused(NotAuthenticated):
    """The address and password do not belong together; the answer never tells which was wrong."""

    code = "accounts.credentials_refused"
    title = "Email address or password is not right"


class TokenRefused(NotAuthenticated):
    """The token is expired, forged, of another kind, or its session has ended."""

    code = "accounts.token_refused"
    title = "Sign in again"


class RefreshUnderWay(Conflict):
    """The token was rotated a moment ago, by a retry of the same client: use the newer one."""

    code = "accounts.refresh_under_way"
    title = "This token was just exchanged"


class EmailTaken(InvalidInput):
    """Somebody has registered with this address."""

    code = "accounts.email_taken"
    title = "This email address is already registered"


class PasswordRefused(InvalidInput):
    """The password is too short, too common or too close to the person's own name or address."""

    code = "accounts.password_refused"
    title = "Choose another password"
