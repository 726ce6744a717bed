"""Lists of mirrored records and single ones: a pair of addresses per kind, all alike."""

import hashlib
from typing import Any, ClassVar

import msgspec
from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.clio.api.records.asking import read_asked, read_asked_of_one
from apps.clio.api.records.cursors import cursor_text
from apps.clio.api.records.parameters import parameters_of_list, parameters_of_one
from apps.clio.api.records.serializers import page_serializer, record_serializer
from apps.clio.api.records.values import LARGEST_ID
from apps.clio.errors import RecordNotFound
from apps.clio.queries.records.asked import Asked, Position
from apps.clio.queries.records.declaration import RecordKind
from apps.clio.queries.records.read import find_record, list_records
from apps.clio.queries.syncs import get_mirror_version
from apps.core.views import FirmView


class QuickRenderer(JSONRenderer):
    """JSON of plain values, written by msgspec: rows need no conversion on their way out."""

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        """Return the body."""
        return b"" if data is None else msgspec.json.encode(data)


class RecordView(FirmView):
    """What lists and single records have in common: an answer is as old as the mirror, and whose it is."""

    kind: ClassVar[RecordKind]
    renderer_classes = (QuickRenderer,)

    def read(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Answer, or say that nothing changed since the caller's last answer."""
        ask = self.understand(request, **kwargs)
        tag = self._tag(request)
        is_known = _is_known(request, tag)
        answer: HttpResponseBase = HttpResponseNotModified() if is_known else Response(self.find(request, ask))
        answer["ETag"] = tag
        answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ("Authorization",))
        return answer

    def understand(self, request: Request, **kwargs: Any) -> Any:
        """Return what is asked. Raises InvalidInput."""
        raise NotImplementedError

    def find(self, request: Request, ask: Any) -> dict[str, Any]:
        """Return the body. Raises RecordNotFound."""
        raise NotImplementedError

    def _tag(self, request: Request) -> str:
        """Name the answer by all it is made from: the rows, who asks, what is asked, and the shape we give it."""
        access = self.access
        parts = (
            get_mirror_version(firm_id=access.firm_id),
            access.scope.digest(),
            sorted(access.permissions),
            request.build_absolute_uri(),
            self.kind.revision,
        )
        return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _is_known(request: Request, tag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag in known


class RecordListView(RecordView):
    """A list of one kind."""

    def understand(self, request: Request, **_: Any) -> Asked:
        """Return the list as it is asked for."""
        access = self.access
        return read_asked(self.kind, request.query_params, scope=access.scope, holds=access.permissions)

    def find(self, request: Request, ask: Asked) -> dict[str, Any]:
        """Return a page."""
        page = list_records(self.kind, scope=self.access.scope, holds=self.access.permissions, asked=ask)
        return {
            "next": _address(request, ask, page.next),
            "previous": _address(request, ask, page.previous),
            "results": page.records,
        }


class OneRecordView(RecordView):
    """One record, by Clio's id."""

    def understand(self, request: Request, **kwargs: Any) -> tuple[int | str, Any, bool]:
        """Return the id, the fields, and whether it may be gone."""
        return kwargs["clio_id"], *read_asked_of_one(self.kind, request.query_params)

    def find(self, request: Request, ask: tuple[int | str, Any, bool]) -> dict[str, Any]:
        """Return the record."""
        key, fields, includes_gone = ask
        if (isinstance(key, int) and key > LARGEST_ID) or (isinstance(key, str) and "\0" in key):
            raise RecordNotFound
        access = self.access
        found = find_record(
            self.kind,
            scope=access.scope,
            holds=access.permissions,
            key=key,
            fields=fields,
            includes_gone=includes_gone,
        )
        if found is None:
            raise RecordNotFound
        return found


def list_view_of(kind: RecordKind) -> type[RecordListView]:
    """Return the view of a kind's list."""

    class View(RecordListView):
        @extend_schema(
            operation_id=f"records_{kind.name}_list",
            description=kind.about,
            parameters=parameters_of_list(kind),
            responses={200: page_serializer(kind), 304: None},
        )
        def get(self, request: Request, **kwargs: object) -> Response:
            """Show a page of records."""
            return super().get(request, **kwargs)

    View.kind = kind
    return View


def one_view_of(kind: RecordKind) -> type[OneRecordView]:
    """Return the view of a kind's single records."""

    class View(OneRecordView):
        @extend_schema(
            operation_id=f"records_{kind.one}_get",
            description=f"{kind.about} One of them, by Clio's id.",
            parameters=parameters_of_one(),
            responses={200: record_serializer(kind), 304: None},
        )
        def get(self, request: Request, **kwargs: object) -> Response:
            """Show one record."""
            return super().get(request, **kwargs)

    View.kind = kind
    return View


def _address(request: Request, asked: Asked, position: Position | None) -> str | None:
    if position is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor_text(asked, position)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
