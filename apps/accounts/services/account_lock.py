"""Change a person's account one step at a time: the account's row is locked first, then whatever else is changed."""

from apps.accounts.models import User


def lock_account(user_id: int) -> User:
    """Lock the account until the open transaction ends, and return it as it is now.

    The lock holds off other changes, not rows that only refer to the person: a firm that tells its people something
    must not wait for one of them, or two who leave it at once would wait for each other.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user_id)
