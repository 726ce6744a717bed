"""HTTP entrances of accounts."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import serializers
from apps.accounts.queries.firms import list_memberships
from apps.accounts.services.create_firm import create_firm
from apps.core.idempotency import idempotent
from apps.core.permissions import caller


class FirmsView(APIView):
    @extend_schema(operation_id="my_firms", responses={200: serializers.MyFirmSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List the firms the signed-in person belongs to, with role and scope."""
        memberships = list_memberships(user_id=caller(request).user_id)
        return Response(serializers.MyFirmSerializer(memberships, many=True).data)

    @extend_schema(request=serializers.NewFirmSerializer, responses={201: serializers.FirmSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a firm; the caller becomes its owner. Honors `Idempotency-Key`."""
        given = serializers.NewFirmSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        profile = create_firm(owner_id=caller(request).user_id, **given.validated_data)
        return Response(serializers.FirmSerializer(profile).data, status=201)
