"""HTTP entrances of a firm's copy of everything and of its erasure; for its owners."""

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api import firm_serializers as serializers
from apps.accounts.api.firm_views import AnyType
from apps.accounts.queries.privacy import find_erasure, list_exports
from apps.accounts.services.export_firm import open_firm_export, request_firm_export
from apps.accounts.services.request_erasure import request_erasure, stop_erasure
from apps.core.client_address import client_ip
from apps.core.permissions import caller
from apps.core.views import FirmView


class FirmExportsView(FirmView):
    route_name = "firm-exports"

    @extend_schema(operation_id="firm_exports", responses={200: serializers.FirmExportSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the copies of everything, the newest first."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        exports = list_exports(scope=self.access.scope)
        return Response(serializers.FirmExportSerializer(exports, many=True).data)

    @extend_schema(operation_id="firm_export_request", request=None, responses={202: serializers.FirmExportSerializer})
    def post(self, request: Request, **_: object) -> Response:
        """Have a copy of everything made; a mail tells when it is ready."""
        export = request_firm_export(firm_id=self.access.firm_id, actor_id=caller(request).user_id, now=timezone.now())
        return Response(serializers.FirmExportSerializer(export).data, status=202)


class FirmExportFileView(FirmView):
    route_name = "firm-export-file"
    content_negotiation_class = AnyType

    @extend_schema(
        operation_id="firm_export_file",
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: Request, *, export_id: int, **_: object) -> FileResponse:  # type: ignore[override]  # a file
        """Download a copy. The download is in the trail."""
        file = open_firm_export(
            firm_id=self.access.firm_id,
            export_id=export_id,
            actor_id=caller(request).user_id,
            ip=client_ip(request._request),
            now=timezone.now(),
        )
        return FileResponse(file, as_attachment=True, filename="firm.zip", content_type="application/zip")


class FirmErasureView(FirmView):
    route_name = "firm-erasure"

    @extend_schema(operation_id="firm_erasure", responses={200: serializers.ErasureSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show when the firm will be erased; 404 when it will not."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(serializers.ErasureSerializer(find_erasure(scope=self.access.scope)).data)

    @extend_schema(
        operation_id="firm_erasure_request",
        request=serializers.ErasureRequestSerializer,
        responses={202: serializers.ErasureSerializer},
    )
    def post(self, request: Request, **_: object) -> Response:
        """Have the firm erased in fourteen days; every owner and admin is told and an owner may stop it."""
        given = serializers.ErasureRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        erasure = request_erasure(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            firm_name=given.validated_data["firm_name"],
            now=timezone.now(),
        )
        return Response(serializers.ErasureSerializer(erasure).data, status=202)

    @extend_schema(operation_id="firm_erasure_stop", responses={204: None})
    def delete(self, request: Request, **_: object) -> Response:
        """Keep the firm after all."""
        stop_erasure(firm_id=self.access.firm_id, actor_id=caller(request).user_id, now=timezone.now())
        return Response(status=204)
