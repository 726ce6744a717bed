"""Links that prove a mailbox: made, recognized by their hash, used once."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from apps.accounts.errors import LinkRefused
from apps.accounts.models import MailedToken
from apps.core.encryption import decrypt, encrypt
from apps.core.errors import FieldFault
from apps.core.firm_pages import firm_address
from apps.core.tenancy import acting_as

_KEPT_AFTER_EXPIRY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works: whose it is, what it is for, and what was sealed into it when it was made."""

    token_id: int
    user_id: int
    details: Mapping[str, str]
    purpose: str


def hash_of(token: str) -> str:
    """Return what is stored of a token; it has 256 random bits, so a plain hash cannot be undone."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(
    *,
    user_id: int,
    purpose: str,
    lifetime: timedelta,
    now: datetime,
    details: Mapping[str, str] | None = None,
    replaces: bool = True,
) -> str:
    """Return a new token. Joins the caller's transaction.

    replaces: the person's older ones for the same purpose stop working.
    """
    token = secrets.token_urlsafe(32)
    with acting_as(user_id):
        mine = MailedToken.objects.filter(user_id=user_id, purpose=purpose)
        mine.filter(expires_at__lt=now - _KEPT_AFTER_EXPIRY).delete()
        if replaces:
            mine.filter(used_at__isnull=True).update(used_at=now)
        MailedToken.objects.create(
            user_id=user_id,
            purpose=purpose,
            token_hash=hash_of(token),
            sealed_details=encrypt(json.dumps(dict(details or {}))),
            expires_at=now + lifetime,
        )
    return token


def find_link(*, token: str, purpose: str | tuple[str, ...], now: datetime, of_closed_account: bool = False) -> Link:
    """Return what a link stands for without using it. Raises LinkRefused, the same whatever is wrong with it.

    purpose: the one the link must have, or any of several. of_closed_account: the person cannot sign in at present.
    """
    purposes = (purpose,) if isinstance(purpose, str) else purpose
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT user_id, token_id FROM resolve_mailed_token(%s)", [hash_of(token)])
        row: tuple[int, int] | None = cursor.fetchone()
    if row is None:
        raise link_refused()
    with acting_as(row[0], read_only=True):
        found = MailedToken.objects.filter(
            pk=row[1],
            purpose__in=purposes,
            used_at__isnull=True,
            expires_at__gt=now,
            user__is_active=not of_closed_account,
        ).first()
    if found is None:
        raise link_refused()
    return Link(found.pk, found.user_id, json.loads(decrypt(found.sealed_details)), found.purpose)


def use_link(link: Link, *, now: datetime) -> None:
    """Use a link up inside the person's open transaction. Raises LinkRefused when somebody was faster."""
    used = MailedToken.objects.filter(pk=link.token_id, used_at__isnull=True).update(used_at=now)
    if used != 1:
        raise link_refused()


def void_links(*, user_id: int, purposes: tuple[str, ...], now: datetime) -> None:
    """Make a person's links for these purposes useless. Joins the caller's transaction."""
    with acting_as(user_id):
        MailedToken.objects.filter(user_id=user_id, purpose__in=purposes, used_at__isnull=True).update(used_at=now)


def address_of(path: str) -> str:
    """Return the full address of one of our pages, for a mail."""
    return f"{settings.PUBLIC_BASE_URL}{path}"


def firm_address_of(path: str, firm_public_id: UUID) -> str:
    """Return the full address of a page of one firm, for a mail."""
    return address_of(firm_address(path, firm_public_id))


def link_refused() -> LinkRefused:
    """Return the error that names the field."""
    fault = FieldFault("/token", "Ask for a new link; each works once and for a limited time.", "link_refused")
    return LinkRefused("This link was used, replaced by a newer one, or is too old.", faults=(fault,))
