"""Make an API key for a firm."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from apps.accounts.contracts import NewApiKey
from apps.accounts.errors import TooManyApiKeys
from apps.accounts.models import ApiKey, Membership
from apps.accounts.queries.firms import access_of
from apps.accounts.rules.api_keys import digest_of_secret, write_key
from apps.accounts.services.mailed_links import firm_address_of
from apps.accounts.services.people_told import tell_administrators
from apps.core import audit
from apps.core.errors import FieldFault, InvalidInput
from apps.core.tenancy import tenant

LONGEST_LIFE = timedelta(days=366)
MOST_KEYS = 20


def create_api_key(
    *,
    firm_id: int,
    membership_id: int,
    actor_id: int,
    name: str,
    scopes: Sequence[str],
    permissions: Sequence[str],
    expires_at: datetime,
    now: datetime,
) -> NewApiKey:
    """Make a key that reads as this member, no longer than a year; owners and admins are told.

    scopes: of KeyScope, at least one. permissions: extra ones, which the member must hold. Raises InvalidInput,
    TooManyApiKeys.
    """
    written = write_key(is_live=settings.APP_ENV == "production")
    with tenant(firm_id):
        member = Membership.objects.select_for_update(of=("self",)).select_related("firm", "user").get(pk=membership_id)
        _check(member, permissions, expires_at, now)
        open_keys = ApiKey.objects.filter(firm_id=firm_id, revoked_at__isnull=True, expires_at__gt=now)
        if open_keys.count() >= MOST_KEYS:
            raise TooManyApiKeys(f"A firm has at most {MOST_KEYS} keys at a time; revoke one first.")
        key = ApiKey.objects.create(
            firm_id=firm_id,
            membership=member,
            name=name,
            prefix=written.prefix,
            secret_hash=digest_of_secret(written.text),
            scopes=sorted(set(scopes)),
            permissions=sorted(set(permissions)),
            expires_at=expires_at,
        )
        audit.record(
            "accounts.api_key_created",
            firm_id=firm_id,
            user_id=actor_id,
            target=f"api_key:{key.pk}",
            scopes=key.scopes,
            permissions=key.permissions,
        )
        tell_administrators(
            firm_id=firm_id,
            kind="accounts.api_key_created",
            firm=member.firm.name,
            person=member.user.name,
            key_label=name,
            key_start=written.prefix,
            expires_on=expires_at.date().isoformat(),
            address=firm_address_of("/firm/api-keys", member.firm.public_id),
        )
    return NewApiKey(key.pk, written.text)


def _check(member: Membership, permissions: Sequence[str], expires_at: datetime, now: datetime) -> None:
    held = access_of(member, member.firm.public_id).permissions
    faults = [
        FieldFault(f"/permissions/{position}", "You do not hold this permission yourself.", "not_held")
        for position, name in enumerate(permissions)
        if name not in held
    ]
    if not now < expires_at <= now + LONGEST_LIFE:
        faults.append(FieldFault("/expires_at", "Between now and a year from now.", "out_of_range"))
    if faults:
        raise InvalidInput("The key cannot be made like this.", faults=tuple(faults))
