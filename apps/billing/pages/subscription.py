"""The firm's subscription on a page: where it stands and what that lets the firm do."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.billing.contracts import SubscriptionState
from apps.billing.queries.subscriptions import get_subscription
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page

_STATES = {
    SubscriptionState.TRIALING: "Trial",
    SubscriptionState.ACTIVE: "Active",
    SubscriptionState.PAST_DUE: "Payment overdue",
    SubscriptionState.SUSPENDED: "Suspended",
    SubscriptionState.CANCELED: "Ended",
}


@firm_page
def subscription_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Show what the API shows of the subscription."""
    summary = get_subscription(firm_id=visit.firm_id, now=timezone.now())
    plan = summary.entitlement.plan
    context = {
        "summary": summary,
        "state": _STATES[summary.entitlement.state],
        "plan": plan.value.replace("_", ", ").capitalize() if plan else "",
    }
    return answer_in_frame(request, visit, "billing/subscription.html", context)
