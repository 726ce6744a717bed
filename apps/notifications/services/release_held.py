"""Let messages that wait be judged again, because what made them wait has changed."""

from django.db.models.functions import Now

from apps.core.tenancy import acting_as
from apps.notifications.models import Delivery


def release_held(*, user_id: int) -> int:
    """Make a person's held deliveries due now; return how many. Each goes, waits on, or is dropped as it then is."""
    with acting_as(user_id):
        return Delivery.objects.filter(user_id=user_id, status=Delivery.Status.HELD).update(available_at=Now())
