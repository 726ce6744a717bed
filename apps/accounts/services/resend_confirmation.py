"""Send the confirmation of an address again."""

import json
from datetime import datetime

from django.db import transaction

from apps.accounts.jobs import RESEND_CONFIRMATION
from apps.accounts.models import MailedToken, User
from apps.accounts.rules.lockout import MAILS_TO_ADDRESS
from apps.accounts.services.complete_registration import send_confirmation
from apps.accounts.services.take_try import is_allowed
from apps.core import jobs
from apps.core.encryption import decrypt, encrypt
from apps.core.jobs import finish_current_job
from apps.core.tenancy import acting_as


def request_confirmation(*, email: str) -> None:
    """Leave it to a job, so that the answer tells nothing about the address."""
    with transaction.atomic():
        jobs.enqueue(RESEND_CONFIRMATION, queue="critical", sealed=encrypt(email))


def resend_confirmation(*, sealed: str, now: datetime) -> None:
    """Mail a new link with what the last one carried; nothing where there is nothing to confirm. Twice is once."""
    user = User.objects.with_email(decrypt(sealed)).filter(email_verified_at__isnull=True, is_active=True).first()
    if user is None or not is_allowed(subject=f"mail:{user.email.lower()}", policy=MAILS_TO_ADDRESS, now=now):
        return
    with acting_as(user.pk):
        last = (
            MailedToken.objects.filter(user_id=user.pk, purpose=MailedToken.Purpose.VERIFY_EMAIL)
            .order_by("-id")
            .first()
        )
        if last is not None:
            send_confirmation(user, json.loads(decrypt(last.sealed_details)), now)
        finish_current_job()
