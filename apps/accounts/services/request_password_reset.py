"""Somebody forgot the password."""

import json
from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.contracts import Origin
from apps.accounts.jobs import SEND_PASSWORD_RESET
from apps.accounts.models import MailedToken, User
from apps.accounts.rules.lockout import RESET_MAILS
from apps.accounts.services.mailed_links import address_of, make_link
from apps.accounts.services.take_try import is_allowed
from apps.core import audit, jobs
from apps.core.encryption import decrypt, encrypt
from apps.core.jobs import finish_current_job
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify

LINK_LASTS = timedelta(minutes=30)


def request_password_reset(*, email: str, origin: Origin) -> None:
    """Leave it to a job: the answer and its speed are the same for every address."""
    with transaction.atomic():
        sealed = encrypt(json.dumps({"email": email, "place": origin.place_name}))
        jobs.enqueue(SEND_PASSWORD_RESET, queue="critical", sealed=sealed)


def send_password_reset(*, sealed: str, now: datetime) -> None:
    """Mail the link, good for half an hour, to whoever has the account; for an unknown address do nothing."""
    asked: dict[str, str] = json.loads(decrypt(sealed))
    user = User.objects.with_email(asked["email"]).filter(is_active=True).first()
    if user is None or not is_allowed(subject=f"reset-mail:{user.email.lower()}", policy=RESET_MAILS, now=now):
        return
    with acting_as(user.pk):
        token = make_link(user_id=user.pk, purpose=MailedToken.Purpose.RESET_PASSWORD, lifetime=LINK_LASTS, now=now)
        context: dict[str, str | int | bool] = {
            "name": user.name,
            "address": address_of(f"/reset/{token}"),
            "minutes": int(LINK_LASTS.total_seconds() // 60),
            "place": asked["place"],
        }
        notify(recipient=user.pk, kind="accounts.password_reset", context=context)
        audit.record("accounts.password_reset_requested", user_id=user.pk)
        finish_current_job()
