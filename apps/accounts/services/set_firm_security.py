"""What a firm demands of its people at sign-in."""

from django.utils import timezone

from apps.accounts.models import Firm, FirmSecurity, Membership
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
    members = Membership.objects.filter(firm_id=firm.pk, status=Membership.Status.ACTIVE)
    for user_id in members.values_list("user_id", flat=True):
        notify(recipient=user_id, kind="accounts.second_factor_required", context=context, firm_id=firm.pk)
