"""The clio app's addresses below a firm: the connection and the sync."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.clio.api import serializers
from apps.clio.errors import ClioNotConnected
from apps.clio.queries.connections import find_connection
from apps.clio.queries.syncs import count_mirrored, find_progress, find_sync_state
from apps.clio.rules.browser_cookie import browser_cookie
from apps.clio.services.disconnect import disconnect
from apps.clio.services.our_applications import list_regions
from apps.clio.services.request_sync import request_reread, request_sync
from apps.clio.services.start_connection import start_connection
from apps.core.idempotency import idempotent
from apps.core.permissions import caller
from apps.core.tenancy import tenant
from apps.core.views import FirmView


class RegionsView(FirmView):
    """Clio's regions in which firms are connected here."""

    @extend_schema(operation_id="clio_regions_list", responses=serializers.RegionOutput(many=True))
    def get(self, request: Request, **kwargs: object) -> Response:
        """The regions `POST` on the connection takes; Clio's accounts of one region are unknown in the others."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **kwargs: object) -> Response:
        """Answer with the offered regions."""
        regions = [{"region": region, "name": name} for region, name in list_regions().items()]
        return Response(serializers.RegionOutput(regions, many=True).data)


class ConnectionView(FirmView):
    """The firm's connection to Clio."""

    @extend_schema(operation_id="clio_connection_get", responses=serializers.ConnectionOutput)
    def get(self, request: Request, **kwargs: object) -> Response:
        """Whose Clio account the firm is connected to, and whether the connection still works."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **kwargs: object) -> Response:
        """Answer with the connection, or 404."""
        found = find_connection(firm_id=self.access.firm_id)
        if found is None:
            raise ClioNotConnected
        return Response(serializers.ConnectionOutput(found).data)

    @extend_schema(
        operation_id="clio_connection_start",
        request=serializers.StartConnectionInput,
        responses={201: serializers.ConnectStartOutput},
    )
    def post(self, request: Request, **kwargs: object) -> Response:
        """Begin to connect: send the person's browser to `authorize_url` within ten minutes.

        The answer sets a cookie; the way back from Clio works only in the browser that has it.
        """
        wanted = serializers.StartConnectionInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        started = start_connection(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            region=wanted.validated_data["region"],
            now=timezone.now(),
        )
        answer = Response(serializers.ConnectStartOutput(started).data, status=status.HTTP_201_CREATED)
        cookie = browser_cookie(key=started.browser_key, expires_at=started.expires_at, is_secure=request.is_secure())
        answer.set_cookie(**cookie)
        return answer

    @extend_schema(operation_id="clio_connection_delete", responses={204: None})
    def delete(self, request: Request, **kwargs: object) -> Response:
        """Disconnect: our tokens are erased and given back to Clio; what was mirrored stays."""
        disconnect(firm_id=self.access.firm_id, actor_id=caller(request).user_id, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class SyncView(FirmView):
    """The firm's sync."""

    @extend_schema(operation_id="clio_sync_get", responses=serializers.SyncOutput)
    def get(self, request: Request, **kwargs: object) -> Response:
        """How far the mirror is, entity by entity."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **kwargs: object) -> Response:
        """Answer with the state and the latest run."""
        return Response(_sync_output(self.access.firm_id))

    @extend_schema(
        operation_id="clio_sync_start",
        request=serializers.RequestSyncInput,
        responses={202: serializers.SyncOutput},
    )
    @idempotent
    def post(self, request: Request, **kwargs: object) -> Response:
        """Sync now: what changed since the last time, everything again, all of one entity, or one record."""
        wanted = serializers.RequestSyncInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked: dict[str, Any] = {
            "firm_id": self.access.firm_id,
            "actor_id": caller(request).user_id,
            **wanted.validated_data,
        }
        if asked["record_id"]:
            del asked["full"]
            request_reread(**asked)
        else:
            del asked["record_id"]
            request_sync(**asked)
        with tenant(self.access.firm_id, read_only=True):
            answer = _sync_output(self.access.firm_id)
        return Response(answer, status=status.HTTP_202_ACCEPTED)


def _sync_output(firm_id: int) -> dict[str, object]:
    state = find_sync_state(firm_id=firm_id)
    shown = {
        "data_as_of": state.data_as_of,
        "is_complete": state.is_complete,
        "refused": list(state.refused),
        "records": state.records,
        "mirrored": count_mirrored(firm_id=firm_id),
        "run": find_progress(firm_id=firm_id),
    }
    return dict(serializers.SyncOutput(shown).data)
