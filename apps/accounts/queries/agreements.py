"""What a person agreed to."""

from collections.abc import Sequence

from apps.accounts.models import PersonalAgreement
from apps.core.tenancy import acting_as


def list_agreements(*, user_id: int) -> Sequence[PersonalAgreement]:
    """Return a person's agreements, the latest first."""
    with acting_as(user_id):
        return list(PersonalAgreement.objects.filter(user_id=user_id).order_by("-accepted_at", "document"))
