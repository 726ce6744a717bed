"""Let an outside log-in open a person's account."""

from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.contracts import Origin, OutsideIdentity
from apps.accounts.errors import IdentityTaken
from apps.accounts.models import LinkedIdentity, User
from apps.accounts.services.mailed_links import address_of
from apps.core import audit
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def link_identity(*, user_id: int, identity: OutsideIdentity, origin: Origin, now: datetime) -> None:
    """Link a proved identity and tell the person; linking it again changes nothing. Raises IdentityTaken.

    Call it only after `permit_link`, or when the account is opened with it. Joins the caller's transaction.
    """
    with acting_as(user_id):
        try:
            with transaction.atomic():
                LinkedIdentity.objects.create(
                    user_id=user_id,
                    provider=identity.provider,
                    region=identity.region,
                    subject=identity.subject,
                    email=identity.email[:254],
                    name=identity.name[:200],
                    account_name=identity.account_name[:200],
                    linked_at=now,
                )
        except IntegrityError as error:
            if _is_mine(user_id, identity):
                return
            raise IdentityTaken("Take it away there first, or sign in with it.") from error
        context = {
            "name": User.objects.values_list("name", flat=True).get(pk=user_id),
            "clio_email": identity.label,
            "linked_at": now.isoformat(),
            "address": address_of("/account/sessions"),
        }
        notify(recipient=user_id, kind=f"accounts.{identity.provider}_sign_in_linked", context=context)
        audit.record(
            "accounts.identity_linked",
            user_id=user_id,
            ip=origin.ip,
            target=f"{identity.provider} user {identity.subject}",
            region=identity.region,
        )


def _is_mine(user_id: int, identity: OutsideIdentity) -> bool:
    return LinkedIdentity.objects.filter(
        user_id=user_id, provider=identity.provider, region=identity.region, subject=identity.subject
    ).exists()
