"""HTTP entrances of what a firm keeps: its rules, its tables row by row, and the same tables as files."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from apps.core.access import Extra
from apps.core.errors import FieldFault, InvalidInput
from apps.core.id_pages import take_page_by_id
from apps.core.pages import page_body, read_cursor
from apps.core.permissions import caller
from apps.core.views import FirmView
from apps.reports.api import settings_serializers as serializers
from apps.reports.api.address import parameters_of
from apps.reports.api.versions import etag, if_version
from apps.reports.contracts.kept import FirmRules, KeptTable
from apps.reports.queries.kept import RULES, get_rules, get_version, list_rows, names_of, row_of
from apps.reports.rules.kept_tables import TABLES
from apps.reports.services.change_rules import change_rules
from apps.reports.services.import_kept_rows import export_rows, import_rows
from apps.reports.services.save_kept_rows import change_row, remove_row, save_rows

LARGEST_FILE, MOST_ROWS_AT_ONCE = 10_000_000, 10_000
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag that was read; 412 if gone."
)
_PAGING: list[OpenApiParameter | type[Serializer[Any]]] = [
    serializers.ListQuerySerializer,
    OpenApiParameter("cursor", str, description="from `next` or `previous`"),
    OpenApiParameter("page_size", int, description="1 to 100"),
]


class RulesView(FirmView):
    @extend_schema(operation_id="firm_settings_rules", responses={200: serializers.RulesSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show the firm's choices where the definitions of its numbers leave one."""
        return super().get(request, **kwargs)

    def read(self, _: Request, **__: object) -> Response:
        """Answer from inside the firm's transaction."""
        return _rules(get_rules(firm_id=self.access.firm_id))

    @extend_schema(
        operation_id="firm_settings_rules_change",
        parameters=[_IF_MATCH],
        request=serializers.RulesChangeSerializer,
        responses={200: serializers.RulesSerializer},
    )
    def patch(self, request: Request, **_: object) -> Response:
        """Change some of the rules; figures asked for from now on follow them."""
        given = serializers.RulesChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rules = change_rules(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            changes=given.validated_data,
            if_version=if_version(request, RULES),
            now=timezone.now(),
        )
        return _rules(rules)


class TablesView(FirmView):
    @extend_schema(operation_id="firm_settings_tables", responses={200: serializers.KeptTableSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the tables a firm keeps, with their columns."""
        return super().get(request, **kwargs)

    def read(self, _: Request, **__: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(serializers.KeptTableSerializer(TABLES, many=True).data)


class TableView(FirmView):
    """The rows of a table; a subclass per table names it."""

    table: KeptTable

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        asked = serializers.ListQuerySerializer(data=_known_only(parameters_of(request)))
        asked.is_valid(raise_exception=True)
        on = asked.validated_data.pop("on", None)
        strange = [name for name in asked.validated_data if self.table.column(name) is None]
        if strange:
            listed = ", ".join(f"`{name}`" for name in strange)
            faults = tuple(FieldFault(f"/{name}", "The table has no such column.") for name in strange)
            raise InvalidInput(f"{self.table.title} are not listed by {listed}: leave that out.", faults=faults)
        found = list_rows(scope=self.access.scope, table=self.table, on=on, only=asked.validated_data)
        page = take_page_by_id(found, read_cursor(request.query_params))
        rows = [row_of(self.table, each) for each in page.rows]
        names = names_of(firm_id=self.access.firm_id, table=self.table, rows=rows) if self._tells_names else {}
        shown = [
            serializers.shown_row(self.table, each.pk, row, names) for each, row in zip(page.rows, rows, strict=True)
        ]
        version = get_version(firm_id=self.access.firm_id, subject=self.table.name)
        body = page_body(request, page, shown) | {"version": version}
        return Response(body, headers={"ETag": etag(self.table.name, version)})

    def post(self, request: Request, **_: object) -> Response:
        """Add rows, replace those with the same key, remove others: all of it, or nothing."""
        body = _object(request.data)
        rows, removed, is_dry_run = body.get("rows", []), body.get("removed_ids", []), body.get("dry_run", False)
        _check_change(rows, removed, is_dry_run)
        change = save_rows(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            table=self.table,
            rows=rows,
            removed_ids=removed,
            if_version=if_version(request, self.table.name),
            is_dry_run=is_dry_run,
            now=timezone.now(),
        )
        return _changed(self.table, change, is_dry_run=is_dry_run)

    @property
    def _tells_names(self) -> bool:
        return self.access.holds(Extra.NAMES) and not self.access.scope.hides_client_names


class TableRowView(FirmView):
    """One row of a table; a subclass per table names it."""

    table: KeptTable

    def put(self, request: Request, *, row_id: int, **_: object) -> Response:
        """Replace a row."""
        return self._change(request, row_id, is_partial=False)

    def patch(self, request: Request, *, row_id: int, **_: object) -> Response:
        """Change some cells of a row."""
        return self._change(request, row_id, is_partial=True)

    def delete(self, request: Request, *, row_id: int, **_: object) -> Response:
        """Remove a row."""
        change = remove_row(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            table=self.table,
            row_id=row_id,
            if_version=if_version(request, self.table.name),
            now=timezone.now(),
        )
        return Response(status=204, headers={"ETag": etag(self.table.name, change.version)})

    def _change(self, request: Request, row_id: int, *, is_partial: bool) -> Response:
        change = change_row(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            table=self.table,
            row_id=row_id,
            cells=_object(request.data),
            is_partial=is_partial,
            if_version=if_version(request, self.table.name),
            now=timezone.now(),
        )
        return _changed(self.table, change)


class CsvParser(BaseParser):
    """A CSV file as it was sent."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, bytes]:
        """Return the bytes under `file`. Raises ParseError where there are too many."""
        content: bytes = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ParseError(f"A file may have {LARGEST_FILE:,} bytes at most.")
        return {"file": content}


class AnyType(BaseContentNegotiation):
    """A file has the one type it has, whatever the caller would rather have."""

    def select_parser(self, request, parsers):  # type: ignore[no-untyped-def]  # as the base class
        """Return the parser of the body's type, or none: that is refused."""
        sent = (request.content_type or "").partition(";")[0].strip()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request, renderers, format_suffix=None):  # type: ignore[no-untyped-def]  # as above
        """Return the first renderer: errors are JSON all the same."""
        return renderers[0], renderers[0].media_type


class TableFileView(FirmView):
    """A table as a CSV file; a subclass per table names it."""

    table: KeptTable
    parser_classes = [CsvParser]
    content_negotiation_class = AnyType

    def get(self, request: Request, **_: object) -> StreamingHttpResponse:  # type: ignore[override]  # a stream
        """Download the table as CSV, with names beside the ids. The download is in the trail."""
        lines = export_rows(firm_id=self.access.firm_id, actor_id=caller(request).user_id, table=self.table)
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{self.table.slug}.csv"'},
        )

    def post(self, request: Request, **_: object) -> Response:
        """Take a CSV file in: all of it, or nothing and every fault by its line. A dry run tells what would change."""
        asked = serializers.FileQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        is_dry_run: bool = asked.validated_data["dry_run"]
        change = import_rows(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            table=self.table,
            content=_content(request),
            is_whole=asked.validated_data["mode"] == "replace",
            is_dry_run=is_dry_run,
            if_version=if_version(request, self.table.name),
            now=timezone.now(),
        )
        return _changed(self.table, change, is_dry_run=is_dry_run)


def table_views(table: KeptTable) -> tuple[type[TableView], type[TableRowView], type[TableFileView]]:
    """Return the views of a table: its rows, one of them, its file."""
    shapes, words, name = serializers.SERIALIZERS[table.name], table.title.lower(), f"firm_settings_{table.name}"
    changed = {200: serializers.TableChangeSerializer}
    rows = extend_schema_view(
        get=extend_schema(
            operation_id=name, description=f"{table.question}", parameters=_PAGING, responses={200: shapes.page}
        ),
        post=extend_schema(
            operation_id=f"{name}_save", parameters=[_IF_MATCH], request=shapes.change, responses=changed
        ),
    )(type(f"{table.name}_view", (TableView,), {"table": table}))
    one = extend_schema_view(
        put=extend_schema(
            operation_id=f"{name}_replace", parameters=[_IF_MATCH], request=shapes.given, responses=changed
        ),
        patch=extend_schema(
            operation_id=f"{name}_change", parameters=[_IF_MATCH], request=shapes.partial, responses=changed
        ),
        delete=extend_schema(operation_id=f"{name}_remove", parameters=[_IF_MATCH], responses={204: None}),
    )(type(f"{table.name}_row_view", (TableRowView,), {"table": table}))
    file = extend_schema_view(
        get=extend_schema(
            operation_id=f"{name}_export",
            responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description=f"{words}, a line per row")},
        ),
        post=extend_schema(
            operation_id=f"{name}_import",
            parameters=[_IF_MATCH, serializers.FileQuerySerializer],
            request={"text/csv": OpenApiTypes.STR},
            responses=changed,
        ),
    )(type(f"{table.name}_file_view", (TableFileView,), {"table": table}))
    return rows, one, file


def _rules(rules: FirmRules) -> Response:
    return Response(serializers.RulesSerializer(rules).data, headers={"ETag": etag(RULES, rules.version)})


def _changed(table: KeptTable, change: Any, *, is_dry_run: bool = False) -> Response:
    body = serializers.shown_change(change, is_dry_run=is_dry_run)
    return Response(body, headers={"ETag": etag(table.name, change.version)})


def _content(request: Request) -> bytes:
    """Return what CsvParser read; an empty body it never sees."""
    content: bytes = request.data.get("file", b"") if isinstance(request.data, dict) else b""
    return content


def _known_only(parameters: dict[str, str]) -> dict[str, str]:
    """Return the parameters of a list of rows. Raises InvalidInput naming those there are not."""
    known = (*serializers.ListQuerySerializer().fields, "cursor", "page_size")
    strange = [name[:80] for name in parameters if name not in known]
    if strange:
        detail = f"There is no parameter `{strange[0]}` here; there are {', '.join(known)}."
        raise InvalidInput(
            detail, faults=tuple(FieldFault(f"/{name}", detail, "unknown_parameter") for name in strange)
        )
    return parameters


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise InvalidInput("Send an object.", faults=(FieldFault("", "Send an object.", "invalid"),))
    return body


def _check_change(rows: Any, removed: Any, is_dry_run: Any) -> None:
    faults = []
    if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        faults.append(FieldFault("/rows", "A list of objects, one for each row."))
    elif len(rows) > MOST_ROWS_AT_ONCE:
        faults.append(FieldFault("/rows", f"At most {MOST_ROWS_AT_ONCE:,} rows at once; a file may have more."))
    if not (isinstance(removed, list) and all(type(each) is int and 0 < each < 2**63 for each in removed)):
        faults.append(FieldFault("/removed_ids", "A list of the ids of rows."))
    if not isinstance(is_dry_run, bool):
        faults.append(FieldFault("/dry_run", "Say true or false."))
    if faults:
        raise InvalidInput("One or more fields are not valid.", faults=tuple(faults))
