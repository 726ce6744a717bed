"""May this be somebody's password? Length, common ones, likeness to the person, and common ones in disguise."""

from functools import lru_cache

from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from apps.accounts.errors import PasswordRefused
from apps.accounts.models import User
from apps.accounts.rules.passwords import find_weakness
from apps.core.errors import FieldFault


class DisguisedPasswordValidator:
    """Django's validator for the admin's forms and for `validate_password`: refuses what rules/passwords.py finds."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError with the weakness."""
        weakness = find_weakness(password, _common_passwords())
        if weakness is not None:
            raise ValidationError(weakness.value, code="password_guessable")

    def get_help_text(self) -> str:
        """Return what forms show beside the field."""
        return "A few words that belong together only for you make a good password."


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def check_password_policy(*, email: str, name: str, password: str, pointer: str = "/password") -> None:
    """Raise PasswordRefused naming every reason, at the field the caller read it from."""
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        faults = tuple(
            FieldFault(pointer, message, fault.code or "invalid")
            for fault in error.error_list
            for message in fault.messages
        )
        raise PasswordRefused("The password is too easy to guess.", faults=faults) from error
