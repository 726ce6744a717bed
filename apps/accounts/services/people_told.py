"""Whom to tell about what happens in a firm."""

from apps.accounts.models import Membership
from apps.core.permissions import ADMINISTRATORS
from apps.core.scope import Role
from apps.notifications.interface import notify

Value = str | int | bool


def administrators_of(firm_id: int) -> list[int]:
    """Return the ids of the firm's active owners and admins; call it inside the firm's transaction."""
    return _people_with(firm_id, [role.value for role in ADMINISTRATORS])


def owners_of(firm_id: int) -> list[int]:
    """Return the ids of the firm's active owners; call it inside the firm's transaction."""
    return _people_with(firm_id, [Role.OWNER.value])


def tell(user_id: int, *, kind: str, **context: Value) -> None:
    """Tell one person about a firm's matter.

    The firm is named in the words only: the message is the person's, and stays theirs when they leave the firm.
    """
    notify(recipient=user_id, kind=kind, context=context)


def tell_administrators(*, firm_id: int, kind: str, but_not: tuple[int, ...] = (), **context: Value) -> None:
    """Tell every owner and admin of the firm, except those who know already."""
    for user_id in administrators_of(firm_id):
        if user_id not in but_not:
            tell(user_id, kind=kind, **context)


def tell_owners(*, firm_id: int, kind: str, **context: Value) -> None:
    """Tell every owner of the firm."""
    for user_id in owners_of(firm_id):
        tell(user_id, kind=kind, **context)


def _people_with(firm_id: int, roles: list[str]) -> list[int]:
    members = Membership.objects.filter(firm_id=firm_id, role__in=roles, status=Membership.Status.ACTIVE)
    return list(members.filter(user__is_active=True).order_by("pk").values_list("user_id", flat=True))
