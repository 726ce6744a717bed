"""What a firm demands of its people at sign-in."""

from django.utils import timezone

from apps.accounts.models import Firm, FirmSecurity, Membership
from apps.accounts.services.distrust_devices import distrust_devices
from apps.accounts.services.mailed_links import address_of
from apps.core import audit
from apps.core.tenancy import tenant
from apps.notifications.interface import notify


def set_firm_security(*, firm_id: int, actor_id: int, demands_second_factor: bool, trusts_devices: bool) -> None:
    """Store both choices; they hold from the next request on. Members are told when a second factor becomes a must."""
    chosen = {"demands_second_factor": demands_second_factor, "trusts_devices": trusts_devices}
    with tenant(firm_id):
        firm = Firm.objects.select_for_update().get(pk=firm_id)
        before = FirmSecurity.objects.filter(firm_id=firm_id).first()
        FirmSecurity.objects.update_or_create(firm_id=firm_id, defaults=chosen)
        if demands_second_factor and not (before and before.demands_second_factor):
            _tell_members(firm)
        if before and before.trusts_devices and not trusts_devices:
            for user_id in _members(firm):
                distrust_devices(user_id=user_id)
        audit.record(
            "accounts.firm_security_set",
            firm_id=firm_id,
            user_id=actor_id,
            target=f"firm:{firm_id}",
            demands_second_factor=demands_second_factor,
            trusts_devices=trusts_devices,
        )


def _tell_members(firm: Firm) -> None:
    today = timezone.now().date()
    context = {
        "firm": firm.name,
        "required_on": today.isoformat(),
        "address": address_of("/account/second-step"),
    }
    for user_id in _members(firm):
        notify(recipient=user_id, kind="accounts.second_factor_required", context=context, firm_id=firm.pk)


def _members(firm: Firm) -> list[int]:
    members = Membership.objects.filter(firm_id=firm.pk, status=Membership.Status.ACTIVE)
    return list(members.order_by("user_id").values_list("user_id", flat=True))
