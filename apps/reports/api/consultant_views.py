"""HTTP entrance of figures across firms, for those who advise several."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.client_address import client_ip
from apps.core.errors import SecondFactorNeeded
from apps.core.permissions import caller
from apps.reports.api.address import parameters_of
from apps.reports.api.documented import REPORT_PERIOD
from apps.reports.api.query_parameters import read_period
from apps.reports.api.report_serializers import TableAnswerSerializer
from apps.reports.services.compare_client_firms import compare_client_firms


class FirmFiguresSerializer(serializers.Serializer[Any]):
    firm_id = serializers.UUIDField(source="firm.public_id")
    name = serializers.CharField(source="firm.name")
    targets = serializers.DictField(
        source="firm.targets", child=serializers.CharField(), help_text="the firm's own, by KPI"
    )
    figures = TableAnswerSerializer()


class ClientFirmFiguresView(APIView):
    @extend_schema(
        operation_id="consultant_figures",
        parameters=[REPORT_PERIOD],
        responses={200: FirmFiguresSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Set the firms that let the caller in side by side, each in its own currency; each sees that it was looked at.

        Needs a session with a second factor, as everything a consultant does.
        """
        if not caller(request).is_two_factor:
            raise SecondFactorNeeded("Set up a second step for your account if you have none, then sign in with it.")
        compared = compare_client_firms(
            user_id=caller(request).user_id,
            period=read_period(parameters_of(request)),
            ip=client_ip(request._request),
            now=timezone.now(),
        )
        return Response(FirmFiguresSerializer(compared, many=True).data)
