"""Do what a registration asked for: write to the address; the account made for it opens once that is confirmed."""

import json
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from apps.accounts.models import MailedToken, User
from apps.accounts.rules.lockout import MAILS_TO_ADDRESS
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.mailed_links import address_of, make_link
from apps.accounts.services.take_try import is_allowed
from apps.core import audit
from apps.core.encryption import decrypt
from apps.core.jobs import finish_current_job
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify

LINK_LASTS = timedelta(hours=24)


def complete_registration(*, sealed: str, now: datetime) -> None:
    """Send the link that confirms the address, or, where somebody has the account, tell its owner. Twice is once."""
    details: dict[str, str] = json.loads(decrypt(sealed))
    user = _find_or_create(details["email"], details["name"])
    if not user.is_active or not is_allowed(subject=f"mail:{user.email.lower()}", policy=MAILS_TO_ADDRESS, now=now):
        return
    with acting_as(user.pk):
        if user.email_verified_at is None and not user.has_usable_password():
            send_confirmation(user, details, now)
        else:
            address = address_of("/forgot")
            notify(
                recipient=user.pk, kind="accounts.already_registered", context={"name": user.name, "address": address}
            )
            audit.record("accounts.registered_again", user_id=user.pk)
        finish_current_job()


def send_confirmation(user: User, details: dict[str, str], now: datetime) -> None:
    """Mail a link that confirms the address and then sets the name and password, or outside log-in, given with it.

    They travel in the link's row, sealed: whoever registers a stranger's address sets nothing by it, and the stranger's
    own registration is confirmed by the stranger's own link.
    """
    kept = {name: value for name, value in details.items() if name in ("name", "password", "identity", "agreed")}
    token = make_link(
        user_id=user.pk, purpose=MailedToken.Purpose.VERIFY_EMAIL, lifetime=LINK_LASTS, now=now, details=kept
    )
    notify(
        recipient=user.pk,
        kind="accounts.email_verification",
        context={"name": details["name"], "address": address_of(f"/verify/{token}"), "hours": 24},
    )
    audit.record("accounts.registered", user_id=user.pk)


def _find_or_create(email: str, name: str) -> User:
    found = User.objects.with_email(email).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, None, name=name)
            update_contact_card(user_id=user.pk)
    except IntegrityError:  # two registrations at one moment
        return User.objects.with_email(email).get()
    return user
