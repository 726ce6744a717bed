"""Take a person back from Clio: trade the code for tokens, see whose account it is, store it, start the first sync."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from apps.accounts import interface as accounts
from apps.clio.contracts import ClioApplication, ClioIdentity, Grant, Tokens
from apps.clio.errors import (
    AnotherBrowser,
    ClioAccountDiffers,
    ClioAccountTaken,
    ConnectAttemptInvalid,
    ConnectionDeclined,
    NotAdministratorAnymore,
)
from apps.clio.models import ClioConnection, ConnectAttempt
from apps.clio.services.look_after_webhooks import request_look
from apps.clio.services.open_run import end_open_run, open_run
from apps.clio.services.our_applications import application_in
from apps.clio.services.start_connection import digest_of
from apps.clio.vendors import clio_oauth
from apps.clio.vendors.clio_api import ClioApi
from apps.core import audit
from apps.core.encryption import encrypt
from apps.core.tenancy import tenant


@dataclass(frozen=True, slots=True)
class _Attempt:
    firm_id: int
    user_id: int
    application: ClioApplication

    @property
    def region(self) -> str:
        return self.application.region


def complete_connection(*, state: str, browser_key: str, code: str, error: str, now: datetime) -> ClioIdentity:
    """Connect the firm whose attempt the state belongs to; return who allowed it and for which account.

    browser_key: what `start_connection` gave the browser. Coming back to that browser uses the state up, whatever comes
    of it. Nothing is stored unless everything went well; then the connection, the first sync, the webhooks' job, the
    audit entry and the onboarding step are one transaction. Tokens that may not be used are forgotten, not given back:
    that could end the grant of the firm the account belongs to. Raises AnotherBrowser, ConnectAttemptInvalid,
    ConnectionDeclined, NotAdministratorAnymore, ClioGrantRevoked, ClioAccountTaken, ClioAccountDiffers,
    RegionNotOffered, VendorRejected, VendorUnavailable.
    """
    attempt = _use_up(state, browser_key, now)
    if error or not code:
        _record_failure(attempt, "declined")
        raise ConnectionDeclined
    tokens = clio_oauth.exchange_code(attempt.application, code=code)
    identity = _identify(attempt, tokens)
    try:
        _store_surely(attempt, tokens, identity, now)
    except (ClioAccountTaken, ClioAccountDiffers, NotAdministratorAnymore) as refusal:
        _record_failure(attempt, refusal.code)
        raise
    return identity


def _use_up(state: str, browser_key: str, now: datetime) -> _Attempt:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT firm_id, attempt_id FROM resolve_clio_connect_attempt(%s)", [digest_of(state)])
        row: tuple[int, int] | None = cursor.fetchone()
    if row is None:
        raise ConnectAttemptInvalid("This address was not made by us, or it is long gone.")
    firm_id, attempt_id = row
    with tenant(firm_id):
        attempt = ConnectAttempt.objects.select_for_update().get(firm_id=firm_id, pk=attempt_id)
        if not compare_digest(attempt.browser_hash, digest_of(browser_key)):
            raise AnotherBrowser
        if attempt.used_at is not None:
            raise ConnectAttemptInvalid("It was used already. If Clio is not shown as connected, start again.")
        if attempt.expires_at <= now:
            raise ConnectAttemptInvalid("It was valid for ten minutes and has expired. Start again.")
        attempt.used_at = now
        attempt.save(update_fields=["used_at"])
    return _Attempt(firm_id, attempt.user_id, application_in(attempt.region))


def _identify(attempt: _Attempt, tokens: Tokens) -> ClioIdentity:
    name = f"connecting-{attempt.firm_id}"
    api = ClioApi(Grant(name, attempt.application.host, tokens.access_token, version=""))
    try:
        return api.who_am_i()
    finally:
        api.close()


def _store_surely(attempt: _Attempt, tokens: Tokens, identity: ClioIdentity, now: datetime) -> None:
    """Store, once more where somebody connected the firm for the first time at the same moment: their row is there."""
    try:
        _store(attempt, tokens, identity, now)
    except IntegrityError:
        _store(attempt, tokens, identity, now)


def _store(attempt: _Attempt, tokens: Tokens, identity: ClioIdentity, now: datetime) -> None:
    with tenant(attempt.firm_id):
        if not accounts.is_administrator(user_id=attempt.user_id, firm_id=attempt.firm_id):
            raise NotAdministratorAnymore
        known = ClioConnection.objects.select_for_update().filter(firm_id=attempt.firm_id).first()
        if known and (known.region, known.clio_account_id) != (attempt.region, identity.account_id):
            raise ClioAccountDiffers(
                f"They come from {known.clio_account_name!r}; mixing two accounts is not possible."
            )
        is_other_user = known is not None and known.clio_user_id != identity.user_id
        _save(known or ClioConnection(firm_id=attempt.firm_id), attempt, tokens, identity, now)
        if is_other_user:
            end_open_run(firm_id=attempt.firm_id)
        open_run(firm_id=attempt.firm_id, full=is_other_user, requested_by=attempt.user_id)
        request_look(firm_id=attempt.firm_id)
        accounts.mark_onboarding_step(firm_id=attempt.firm_id, step="clio")
        audit.record(
            "clio.connected",
            firm_id=attempt.firm_id,
            user_id=attempt.user_id,
            target=f"clio account {identity.account_id}",
            region=attempt.region,
            clio_user_id=identity.user_id,
        )
        _tell_connected(attempt, identity)


def _tell_connected(attempt: _Attempt, identity: ClioIdentity) -> None:
    accounts.tell_administrators(
        firm_id=attempt.firm_id,
        kind="clio.connected",
        firm=accounts.get_firm_profile(firm_id=attempt.firm_id).name,
        clio_account=f"{identity.account_name} ({attempt.region.upper()})",
        person=identity.user_name,
        address=f"{settings.PUBLIC_BASE_URL}/firm/clio",
    )


def _save(row: ClioConnection, attempt: _Attempt, tokens: Tokens, identity: ClioIdentity, now: datetime) -> None:
    row.region = attempt.region
    row.clio_account_id, row.clio_account_name = identity.account_id, identity.account_name
    if row.clio_user_id != identity.user_id:
        row.clio_user_since = now
    row.clio_user_id, row.clio_user_name = identity.user_id, identity.user_name
    row.access_token = encrypt(tokens.access_token)
    row.refresh_token = encrypt(tokens.refresh_token or "")
    row.expires_at = now + timedelta(seconds=tokens.expires_in_seconds)
    row.refresh_claim = row.refresh_claimed_until = None
    row.status, row.status_changed_at = ClioConnection.Status.CONNECTED, now
    row.connected_by_id, row.connected_at = attempt.user_id, now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "clio_connection_one_firm_per_account" in str(error):
            raise ClioAccountTaken from error
        raise


def _record_failure(attempt: _Attempt, reason: str) -> None:
    with tenant(attempt.firm_id):
        audit.record("clio.connection_refused", firm_id=attempt.firm_id, user_id=attempt.user_id, reason=reason)
