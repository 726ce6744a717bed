"""Outside log-ins: whose account one opens, and which a person has."""

from django.db import connection, transaction

from apps.accounts.contracts import LinkedLogIn, OutsideIdentity
from apps.accounts.models import LinkedIdentity, User
from apps.core.tenancy import acting_as


def find_owner(identity: OutsideIdentity) -> tuple[int, int] | None:
    """Return the ids of the person and of the row an identity is linked to, or None."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, identity_id FROM resolve_identity(%s, %s, %s)",
            [identity.provider, identity.region, identity.subject],
        )
        row: tuple[int, int] | None = cursor.fetchone()
    return row


def list_linked(*, user_id: int) -> list[LinkedLogIn]:
    """Return a person's linked log-ins, the oldest first."""
    with acting_as(user_id, read_only=True):
        return [
            LinkedLogIn(
                public_id=each.public_id,
                provider=each.provider,
                region=each.region,
                email=each.email,
                name=each.name,
                account_name=each.account_name,
                linked_at=each.linked_at,
                last_used_at=each.last_used_at,
            )
            for each in LinkedIdentity.objects.filter(user_id=user_id).order_by("pk")
        ]


def has_password(*, user_id: int) -> bool:
    """Tell whether the person could sign in with a password."""
    return User.objects.only("password").get(pk=user_id).has_usable_password()
