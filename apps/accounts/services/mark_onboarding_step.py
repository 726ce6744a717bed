"""Tick a step of a firm's onboarding checklist."""

from django.utils import timezone

from apps.accounts.models import Firm
from apps.core.tenancy import tenant


def mark_onboarding_step(*, firm_id: int, step: str) -> None:
    """Note when a step (such as `clio`) was first done; doing it again changes nothing."""
    with tenant(firm_id):
        firm = Firm.objects.select_for_update().get(pk=firm_id)
        if step not in firm.onboarding_steps:
            firm.onboarding_steps[step] = timezone.now().isoformat()
            firm.save(update_fields=["onboarding_steps"])
