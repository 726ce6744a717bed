"""The firm's access token: read, or refreshed by exactly one worker while the others wait for its result."""

import logging
import time
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.accounts import interface as accounts
from apps.clio.contracts import Grant, Tokens
from apps.clio.errors import ClioGrantRevoked, ClioNotConnected
from apps.clio.models import ClioConnection
from apps.clio.services.our_applications import application_of, host_of
from apps.clio.vendors import clio_oauth
from apps.core import audit
from apps.core.encryption import decrypt, encrypt
from apps.core.errors import DomainError, VendorUnavailable
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
_REFRESH_BEFORE = timedelta(minutes=5)
_CLAIM_SECONDS = 40  # above the time-outs of one call
_LOOK_SECONDS = 0.2
_CLAIM = """
UPDATE clio_connections SET refresh_claim = %s, refresh_claimed_until = now() + make_interval(secs => %s)
WHERE firm_id = %s AND status = 'connected' AND access_token = %s
  AND (refresh_claimed_until IS NULL OR refresh_claimed_until < now())
RETURNING refresh_token
"""
_STATUS = "SELECT status FROM clio_connections WHERE firm_id = %s AND id = %s FOR SHARE"


def get_grant(*, firm_id: int) -> Grant:
    """Return what it takes to call Clio now, refreshed if it is about to expire.

    Raises ClioNotConnected, ClioGrantRevoked, VendorUnavailable.
    """
    connected = _connected(firm_id)
    if connected.expires_at and connected.expires_at - timezone.now() < _REFRESH_BEFORE:
        return refresh_grant(firm_id=firm_id, stale=connected.access_token)
    return grant_of(connected)


def refresh_grant(*, firm_id: int, stale: str) -> Grant:
    """Return a grant whose version is not `stale`: refresh it, or wait for whoever is doing that already."""
    give_up = time.monotonic() + 2 * _CLAIM_SECONDS
    while time.monotonic() < give_up:
        connected = _connected(firm_id)
        if connected.access_token != stale:
            return grant_of(connected)
        claim = uuid4()
        refresh_token = _claim(firm_id, stale, claim)
        if refresh_token is not None:
            _refresh(firm_id, connected, claim, refresh_token)
        else:
            time.sleep(_LOOK_SECONDS)
    raise VendorUnavailable("The access token could not be refreshed in time.")


def note_revoked(*, firm_id: int, version: str) -> None:
    """Write down that Clio no longer takes this token, unless another one is stored by now, and tell the admins once.

    Places in lists, what is mirrored and the account's name stay: who connects again goes on from there.
    """
    now = timezone.now()
    with tenant(firm_id):
        held = ClioConnection.objects.filter(firm_id=firm_id, status="connected", access_token=version)
        if not held.update(
            status=ClioConnection.Status.REVOKED, status_changed_at=now, access_token="", refresh_token=""
        ):
            return
        audit.record("clio.grant_revoked", firm_id=firm_id)
        accounts.tell_administrators(
            firm_id=firm_id,
            kind="clio.grant_revoked",
            firm=accounts.get_firm_profile(firm_id=firm_id).name,
            since_at=now.isoformat(),
            address=f"{settings.PUBLIC_BASE_URL}/firm/clio",
        )
    logger.warning("clio.grant_revoked", extra={"firm_id": firm_id})


def check_still_granted(grant: Grant, *, firm_id: int) -> None:
    """Make sure, inside the firm's transaction and until its end, that the grant's connection has not been ended.

    Take this lock before the run's, as who opens a run does. Raises ClioNotConnected, ClioGrantRevoked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATUS, [firm_id, grant.connection_id])
        row: tuple[str] | None = cursor.fetchone()
    if row is None or row[0] == ClioConnection.Status.DISCONNECTED:
        raise ClioNotConnected
    if row[0] == ClioConnection.Status.REVOKED:
        raise ClioGrantRevoked


def _connected(firm_id: int) -> ClioConnection:
    with tenant(firm_id, read_only=True):
        connected = ClioConnection.objects.filter(firm_id=firm_id).first()
    if connected is None or connected.status == ClioConnection.Status.DISCONNECTED:
        raise ClioNotConnected
    if connected.status == ClioConnection.Status.REVOKED:
        raise ClioGrantRevoked
    return connected


def grant_of(connected: ClioConnection) -> Grant:
    """Return what it takes to call Clio with the tokens of a connection's row."""
    return Grant(
        budget=f"connection-{connected.pk}",
        host=host_of(connected.region),
        access_token=decrypt(connected.access_token),
        version=connected.access_token,
        connection_id=connected.pk,
    )


def _claim(firm_id: int, stale: str, claim: UUID) -> str | None:
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [claim, _CLAIM_SECONDS, firm_id, stale])
        row: tuple[str] | None = cursor.fetchone()
    return row[0] if row else None


def _refresh(firm_id: int, connected: ClioConnection, claim: UUID, refresh_token: str) -> None:
    try:
        tokens = clio_oauth.refresh(application_of(connected.region), refresh_token=decrypt(refresh_token))
    except ClioGrantRevoked:
        note_revoked(firm_id=firm_id, version=connected.access_token)
        raise
    except DomainError:
        _release(firm_id, claim)
        raise
    _save(firm_id, claim, tokens)


def _save(firm_id: int, claim: UUID, tokens: Tokens) -> None:
    changes = {
        "access_token": encrypt(tokens.access_token),
        "expires_at": timezone.now() + timedelta(seconds=tokens.expires_in_seconds),
        "refresh_claim": None,
        "refresh_claimed_until": None,
    }
    if tokens.refresh_token:
        changes["refresh_token"] = encrypt(tokens.refresh_token)
    with tenant(firm_id):
        ClioConnection.objects.filter(firm_id=firm_id, refresh_claim=claim, status="connected").update(**changes)


def _release(firm_id: int, claim: UUID) -> None:
    with tenant(firm_id):
        held = ClioConnection.objects.filter(firm_id=firm_id, refresh_claim=claim)
        held.update(refresh_claim=None, refresh_claimed_until=None)
