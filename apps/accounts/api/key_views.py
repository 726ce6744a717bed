"""HTTP entrances of a firm's API keys."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api import firm_serializers as serializers
from apps.accounts.queries.members import list_api_keys
from apps.accounts.services.create_api_key import create_api_key
from apps.accounts.services.revoke_api_key import revoke_api_key
from apps.core.permissions import ADMINISTRATORS, FirmAccess, caller
from apps.core.views import FirmView


class ApiKeysView(FirmView):
    route_name = "firm-api-keys"

    @extend_schema(operation_id="firm_api_keys", responses={200: serializers.ApiKeySerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the firm's API keys; who is no owner or admin sees their own."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        keys = list_api_keys(scope=self.access.scope, membership_id=_whose(self.access))
        return Response(serializers.ApiKeySerializer(keys, many=True).data)

    @extend_schema(
        operation_id="firm_api_key_create",
        request=serializers.NewApiKeySerializer,
        responses={201: serializers.MadeApiKeySerializer},
    )
    def post(self, request: Request, **_: object) -> Response:
        """Make a key that reads as the caller. It is shown this once."""
        given = serializers.NewApiKeySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = create_api_key(
            firm_id=self.access.firm_id,
            membership_id=self.access.membership_id,
            actor_id=caller(request).user_id,
            now=timezone.now(),
            **given.validated_data,
        )
        return Response(serializers.MadeApiKeySerializer(made).data, status=201)


class ApiKeyView(FirmView):
    route_name = "firm-api-key"

    @extend_schema(operation_id="firm_api_key_revoke", responses={204: None})
    def delete(self, request: Request, *, api_key_id: int, **_: object) -> Response:
        """Revoke a key; its next request is refused."""
        revoke_api_key(
            firm_id=self.access.firm_id,
            api_key_id=api_key_id,
            actor_id=caller(request).user_id,
            only_of_membership_id=_whose(self.access),
            now=timezone.now(),
        )
        return Response(status=204)


def _whose(access: FirmAccess) -> int | None:
    return None if access.role in ADMINISTRATORS else access.membership_id
