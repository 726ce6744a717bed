"""Let an API key in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from apps.accounts.errors import TokenRefused
from apps.accounts.models import ApiKey, Membership
from apps.accounts.queries.firms import access_of
from apps.accounts.rules.api_keys import digest_of_secret, looks_like_key
from apps.core.access import Extra, FirmAccess, KeyScope
from apps.core.tenancy import tenant

# `last_used_at` is told to the minute: a key that is used all day must not write all day.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """The person in whose place a key reads, and what it may read."""

    user_id: int
    api_key_id: int
    access: FirmAccess


def use_api_key(*, text: str, ip: str | None, now: datetime) -> KeyInUse:
    """Return whom the key stands for, and note its use.

    It may read what its scopes name and its member may see at this moment, whichever is less. Raises TokenRefused for
    an unknown, revoked or expired key, and when its member, or their account, is no longer active.
    """
    found = _resolve(text) if looks_like_key(text) else None
    if found is None:
        raise TokenRefused
    firm_id, api_key_id = found
    with tenant(firm_id):
        key = ApiKey.objects.select_related("membership__firm", "membership__user").get(pk=api_key_id)
        if not _is_usable(key, now):
            raise TokenRefused
        _note_use(key, ip, now)
    return KeyInUse(key.membership.user_id, key.pk, _access(key))


def _resolve(text: str) -> tuple[int, int] | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT firm_id, api_key_id FROM resolve_api_key(%s)", [digest_of_secret(text)])
        row: tuple[int, int] | None = cursor.fetchone()
    return row


def _is_usable(key: ApiKey, now: datetime) -> bool:
    member = key.membership
    is_active = member.status == Membership.Status.ACTIVE and member.user.is_active
    return is_active and key.revoked_at is None and key.expires_at > now


def _note_use(key: ApiKey, ip: str | None, now: datetime) -> None:
    if key.last_used_at is not None and key.last_used_at > now - _NOTED_EVERY:
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - _NOTED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now, last_used_ip=ip)


def _access(key: ApiKey) -> FirmAccess:
    access = access_of(key.membership, key.membership.firm.public_id)
    scopes = frozenset(KeyScope(name) for name in key.scopes)
    return replace(
        access,
        scope=replace(access.scope, shows_records=KeyScope.RECORDS in scopes),
        permissions=access.permissions & {Extra(name) for name in key.permissions},
        key_scopes=scopes,
    )
