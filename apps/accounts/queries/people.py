"""People, by themselves."""

from apps.accounts.models import User


def get_user(*, user_id: int) -> User:
    """Return a person's own account."""
    return User.objects.get(pk=user_id)


def find_user_id(*, email: str) -> int | None:
    """Return the id of the person with an address, in any case, or None."""
    return User.objects.with_email(email).values_list("pk", flat=True).first()


def find_staff_id(*, email: str) -> int | None:
    """Return the id of the member of our staff with an address, in any case, or None."""
    staff = User.objects.with_email(email).filter(is_staff=True, is_active=True)
    return staff.values_list("pk", flat=True).first()
