"""HTTP entrances of a firm's settings, its agreements, checklist and trail, and the consultant's list."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from apps.accounts.api import firm_serializers as serializers
from apps.accounts.queries.audit_trail import TrailFilter, list_entries
from apps.accounts.queries.firms import get_firm_profile
from apps.accounts.queries.members import list_terms
from apps.accounts.queries.onboarding import list_onboarding_steps
from apps.accounts.services.accept_terms import accept_terms
from apps.accounts.services.export_audit_trail import export_audit_trail
from apps.accounts.services.look_across_firms import look_across_firms
from apps.accounts.services.update_firm import update_firm
from apps.core.client_address import client_ip
from apps.core.errors import SecondFactorNeeded
from apps.core.id_pages import take_page_by_id
from apps.core.pages import page_body, read_cursor
from apps.core.permissions import caller
from apps.core.views import FirmView

_TRAIL: list[OpenApiParameter | type[Serializer[Any]]] = [
    serializers.TrailQuerySerializer,
    OpenApiParameter("cursor", str, description="from `next` or `previous`"),
    OpenApiParameter("page_size", int, description="1 to 100"),
]


class FirmDetailView(FirmView):
    route_name = "firm"

    @extend_schema(responses={200: serializers.FirmSettingsSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show one of the caller's firms."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(serializers.FirmSettingsSerializer(get_firm_profile(firm_id=self.access.firm_id)).data)

    @extend_schema(request=serializers.FirmChangeSerializer, responses={200: serializers.FirmSettingsSerializer})
    def patch(self, request: Request, **_: object) -> Response:
        """Change the firm's settings; figures follow at once."""
        given = serializers.FirmChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        profile = update_firm(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            changes=given.validated_data,
            ip=client_ip(request._request),
        )
        return Response(serializers.FirmSettingsSerializer(profile).data)


class TermsView(FirmView):
    route_name = "firm-terms"

    @extend_schema(operation_id="firm_terms_list", responses={200: serializers.TermsSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the documents in force, and whether the firm agreed to them."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(serializers.TermsSerializer(list_terms(scope=self.access.scope), many=True).data)

    @extend_schema(operation_id="firm_terms_accept", request=serializers.AcceptTermsSerializer, responses={204: None})
    def post(self, request: Request, **_: object) -> Response:
        """Agree to a document's version in force, in the name of the firm."""
        given = serializers.AcceptTermsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        accept_terms(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            ip=client_ip(request._request),
            now=timezone.now(),
            **given.validated_data,
        )
        return Response(status=204)


class OnboardingView(FirmView):
    route_name = "firm-onboarding"

    @extend_schema(operation_id="firm_onboarding", responses={200: serializers.OnboardingStepSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show the checklist: account, firm, Clio, plan."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        steps = list_onboarding_steps(scope=self.access.scope)
        return Response(serializers.OnboardingStepSerializer(steps, many=True).data)


class AuditTrailView(FirmView):
    route_name = "firm-audit"

    @extend_schema(operation_id="firm_audit", parameters=_TRAIL, responses={200: serializers.TrailPageSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show the firm's audit trail, newest first."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        entries = list_entries(scope=self.access.scope, wanted=_trail_filter(request))
        page = take_page_by_id(entries, read_cursor(request.query_params))
        return Response(page_body(request, page, list(serializers.TrailEntrySerializer(page.rows, many=True).data)))


class AnyType(BaseContentNegotiation):
    """A file has the one type it has, whatever the caller would rather have."""

    def select_parser(self, request, parsers):  # type: ignore[no-untyped-def]  # as the base class
        """Return the first parser."""
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):  # type: ignore[no-untyped-def]
        """Return the first renderer: errors are JSON all the same."""
        return renderers[0], renderers[0].media_type


class AuditExportView(FirmView):
    route_name = "firm-audit-export"
    content_negotiation_class = AnyType

    @extend_schema(
        operation_id="firm_audit_export",
        parameters=[serializers.TrailQuerySerializer],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="newest first")},
    )
    def get(self, request: Request, **_: object) -> StreamingHttpResponse:  # type: ignore[override]  # a stream
        """Download the trail as CSV. The download is in the trail too."""
        rows = export_audit_trail(
            scope=self.access.scope,
            actor_id=caller(request).user_id,
            wanted=_trail_filter(request),
            ip=client_ip(request._request),
        )
        return StreamingHttpResponse(
            _lines(rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="audit-trail.csv"'},
        )


class ClientFirmsView(APIView):
    @extend_schema(operation_id="consultant_firms", responses={200: serializers.ClientFirmSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List the firms that let the caller in as a consultant, side by side. Each of them sees that it was listed.

        Needs a session with a second factor, as everything a consultant does.
        """
        if not caller(request).is_two_factor:
            raise SecondFactorNeeded("Set up a second step for your account if you have none, then sign in with it.")
        firms = look_across_firms(
            user_id=caller(request).user_id, what="consultant-firms", ip=client_ip(request._request), now=timezone.now()
        )
        return Response(serializers.ClientFirmSerializer(firms, many=True).data)


def _trail_filter(request: Request) -> TrailFilter:
    given = serializers.TrailQuerySerializer(data=request.query_params)
    given.is_valid(raise_exception=True)
    return TrailFilter(**given.validated_data)


class _Echo:
    """A file that hands every line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: str) -> str:
    """Spreadsheets run cells that begin like a formula; an apostrophe makes them text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
