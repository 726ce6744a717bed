"""Send a person of the firm to Clio to allow the connection."""

import hashlib
import secrets
from datetime import datetime, timedelta

from apps.clio.contracts import ConnectStart
from apps.clio.models import ConnectAttempt
from apps.clio.services.our_applications import application_in
from apps.clio.vendors import clio_oauth
from apps.core import audit
from apps.core.tenancy import tenant

_VALID_FOR = timedelta(minutes=10)


def start_connection(*, firm_id: int, actor_id: int, region: str, now: datetime) -> ConnectStart:
    """Note the attempt and return Clio's address for it; the way back works once, in one browser.

    Raises RegionNotOffered.
    """
    application = application_in(region)
    state, browser_key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    expires_at = now + _VALID_FOR
    with tenant(firm_id):
        ConnectAttempt.objects.filter(firm_id=firm_id, expires_at__lt=now - timedelta(days=1)).delete()
        ConnectAttempt.objects.create(
            firm_id=firm_id,
            user_id=actor_id,
            region=region,
            state_hash=digest_of(state),
            browser_hash=digest_of(browser_key),
            expires_at=expires_at,
        )
        audit.record("clio.connection_started", firm_id=firm_id, user_id=actor_id, region=region)
    authorize_url = clio_oauth.authorize_url(application, state=state)
    return ConnectStart(authorize_url=authorize_url, expires_at=expires_at, browser_key=browser_key)


def digest_of(secret: str) -> str:
    """Return what is stored of a state or a browser's key."""
    return hashlib.sha256(secret.encode()).hexdigest()
