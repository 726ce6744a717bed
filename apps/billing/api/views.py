"""HTTP entrances of billing."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.billing.api.serializers import SubscriptionSerializer
from apps.billing.queries.subscriptions import get_subscription
from apps.core.views import FirmView


class SubscriptionView(FirmView):
    @extend_schema(operation_id="firm_subscription", responses={200: SubscriptionSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show the firm's subscription: its state, what is left of the trial, the plan, and what the firm may do."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        summary = get_subscription(firm_id=self.access.firm_id, now=timezone.now())
        return Response(SubscriptionSerializer(summary).data)
