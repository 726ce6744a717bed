"""How far a firm is on its way to first numbers."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Firm
from apps.core.scope import Scope

# Ticked through accounts.interface.mark_onboarding_step by whoever sees it done; the first two are done by being here.
STEPS = ("account", "firm", "clio", "plan")


@dataclass(frozen=True, slots=True)
class OnboardingStep:
    """One step of the checklist, and when it was done, if it was."""

    step: str
    completed_at: datetime | None


def list_onboarding_steps(*, scope: Scope) -> list[OnboardingStep]:
    """Return the checklist in its order; inside the firm's transaction."""
    firm = Firm.objects.get(pk=scope.firm_id)
    done = {step: datetime.fromisoformat(text) for step, text in firm.onboarding_steps.items()}
    done |= {"account": firm.created_at, "firm": firm.created_at}
    return [OnboardingStep(step, done.get(step)) for step in STEPS]
