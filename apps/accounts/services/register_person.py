"""Create the account of a person whose address is proved by other means: an accepted invitation, Clio, an operator."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.errors import EmailTaken
from apps.accounts.models import User
from apps.accounts.services.check_password_policy import check_password_policy
from apps.accounts.services.contact_card import update_contact_card
from apps.core import audit
from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def register_person(*, email: str, name: str, password: str) -> int:
    """Create the account, its contact card and the welcome mail in one transaction; return the user's id.

    Never for an address somebody merely typed: that is `request_registration`. Raises PasswordRefused, EmailTaken.
    """
    check_password_policy(email=email, name=name, password=password)
    now = timezone.now()
    with transaction.atomic():
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    email, password, name=name, email_verified_at=now, password_changed_at=now
                )
        except IntegrityError as error:
            raise EmailTaken(faults=(FieldFault("/email", "This address is already registered.", "unique"),)) from error
        with acting_as(user.pk):
            update_contact_card(user_id=user.pk)
            notify(recipient=user.pk, kind="accounts.welcome", context={"name": user.name})
            audit.record("accounts.registered", user_id=user.pk)
    return user.pk
