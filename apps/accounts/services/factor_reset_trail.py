"""Every step of a lost second factor stands in the person's trail, in that of each of their firms, and in staff's."""

from typing import Any

from apps.accounts.models import Membership
from apps.core import audit
from apps.core.tenancy import tenant


def firms_of(user_id: int) -> list[int]:
    """Return the firms the person belongs to, in order of their ids; inside the person's transaction."""
    mine = Membership.objects.filter(user_id=user_id, status=Membership.Status.ACTIVE)
    return list(mine.order_by("firm_id").values_list("firm_id", flat=True))


def record_reset(
    step: str,
    *,
    user_id: int,
    reset_id: int,
    ip: str | None = None,
    because: str = "",
    staff_id: int | None = None,
) -> None:
    """Write `accounts.factor_reset_<step>`. Call it inside the person's transaction."""
    action, target = f"accounts.factor_reset_{step}", f"factor_reset:{reset_id}"
    details: dict[str, Any] = {"because": because} if because else {}
    if staff_id is not None:
        audit.record(action, user_id=staff_id, target=target, person=user_id, **details)
        details["staff"] = staff_id
    audit.record(action, user_id=user_id, target=target, ip=ip, **details)
    for firm_id in firms_of(user_id):
        with tenant(firm_id):
            audit.record(action, firm_id=firm_id, user_id=user_id, target=target, **details)
