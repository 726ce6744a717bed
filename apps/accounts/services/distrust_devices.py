"""Take back what trusted devices stand for: from now on the second factor itself is asked for."""

from django.db.models import F, Func, Value

from apps.accounts.models import Session, TrustedDevice
from apps.accounts.rules.methods import DEVICE
from apps.core.tenancy import acting_as


def distrust_devices(*, user_id: int) -> None:
    """Forget a person's trusted devices; sessions opened on one go on, but count as opened without a second factor.

    Joins the caller's transaction.
    """
    with acting_as(user_id):
        TrustedDevice.objects.filter(user_id=user_id).delete()
        without = Func(F("methods"), Value(DEVICE), function="array_remove")
        Session.objects.filter(user_id=user_id, revoked_at__isnull=True, methods__contains=[DEVICE]).update(
            methods=without
        )
