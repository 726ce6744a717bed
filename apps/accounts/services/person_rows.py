"""What accounts and core keep about a person, for when the person is gone."""

from django.db.models import Model

from apps.accounts.models import (
    Authenticator,
    EmailChange,
    FactorReset,
    LinkedIdentity,
    MailedToken,
    Phone,
    RecoveryCode,
    SentCode,
    Session,
    TrustedDevice,
)
from apps.core.models import RememberedAnswer
from apps.core.registries import person_erasers

_OF_A_PERSON: tuple[type[Model], ...] = (
    Authenticator,
    Phone,
    SentCode,
    RecoveryCode,
    TrustedDevice,
    MailedToken,
    LinkedIdentity,
    EmailChange,
    FactorReset,
    Session,
    RememberedAnswer,
)


def register_person_rows() -> None:
    """Add this app's eraser."""
    person_erasers.add("accounts.person", _erase)


def _erase(user_id: int, at_most: int) -> int:
    removed = 0
    for model in _OF_A_PERSON:
        rows = model._default_manager.filter(user_id=user_id)
        removed += model._default_manager.filter(pk__in=rows.order_by("pk").values("pk")[:at_most]).delete()[0]
    return removed
