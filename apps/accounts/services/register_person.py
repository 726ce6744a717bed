"""Register a person, and greet them."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.accounts.errors import EmailTaken, PasswordRefused
from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify, set_contact


def register_person(*, email: str, name: str, password: str) -> int:
    """Create the account, its contact card and the welcome mail in one transaction; return the user's id.

    Raises PasswordRefused naming every reason, EmailTaken.
    """
    _check_password(email, name, password)
    with transaction.atomic():
        user = _create(email, name, password)
        with acting_as(user.pk):
            set_contact(user_id=user.pk, email=user.email)
            notify(recipient=user.pk, kind="accounts.welcome", context={"name": user.name})
            audit.record("accounts.registered", user_id=user.pk)
    return user.pk


def _create(email: str, name: str, password: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError as error:
        raise EmailTaken(faults=(FieldFault("/email", "This address is already registered.", "unique"),)) from error


def _check_password(email: str, name: str, password: str) -> None:
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        faults = tuple(
            FieldFault("/password", message, fault.code or "invalid")
            for fault in error.error_list
            for message in fault.messages
        )
        raise PasswordRefused("The password is too easy to guess.", faults=faults) from error
