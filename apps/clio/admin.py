"""Staff's view of syncs: how every firm's mirror is, and one firm's in full. Nothing here changes anything."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from apps.clio.models import ClioConnection
from apps.clio.queries.staff_syncs import find_firm_sync, list_firm_syncs
from apps.core.errors import InvalidInput
from apps.core.pages import Cursor, read_cursor


@admin.register(ClioConnection)
class ClioConnectionAdmin(admin.ModelAdmin[ClioConnection]):
    """Pages of our own: rows of every firm are read in one audited place, by granted columns, not by a form."""

    def get_urls(self) -> list[URLPattern]:
        """Name the list as the admin's index expects it, then one page per firm."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.listed), name="clio_clioconnection_changelist"),
            path("<int:firm_id>/", view(self.in_full), name="clio_clioconnection_firm"),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Firms connect themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ClioConnection | None = None) -> bool:
        """There is nothing to change: a firm's connection is the firm's."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ClioConnection | None = None) -> bool:
        """Firms disconnect themselves."""
        return False

    def listed(self, request: HttpRequest) -> HttpResponse:
        """List connected firms, or only those that are not well."""
        _must_view(request)
        is_unwell, status = request.GET.get("unwell") == "1", request.GET.get("status", "")
        if status not in ("", *ClioConnection.Status.values):
            status = ""
        page, rows = list_firm_syncs(_staff_id(request), _read_cursor(request), status=status, is_unwell=is_unwell)
        links = {"older": _link(request, page.next), "newer": _link(request, page.previous)}
        return self._answer(request, "syncs", "Clio syncs", rows=rows, is_unwell=is_unwell, status=status, **links)

    def in_full(self, request: HttpRequest, firm_id: int) -> HttpResponse:
        """Show one firm's sync, entity by entity."""
        _must_view(request)
        found = find_firm_sync(_staff_id(request), firm_id)
        if found is None:
            raise Http404
        return self._answer(request, "sync", f"Clio sync of firm {firm_id}", sync=found)

    def _answer(self, request: HttpRequest, page: str, title: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "now": timezone.now()}
        overview = reverse("admin:clio_clioconnection_changelist")
        return TemplateResponse(request, f"clio/admin/{page}.html", {**shared, "overview": overview, **context})


def _must_view(request: HttpRequest) -> None:
    if not request.user.has_perm("clio.view_clioconnection"):
        raise PermissionDenied


def _staff_id(request: HttpRequest) -> int:
    staff: Any = request.user
    user_id: int = staff.pk
    return user_id


def _read_cursor(request: HttpRequest) -> Cursor:
    """A cursor that was cut shows the first page: staff pass addresses around."""
    try:
        return read_cursor(request.GET.dict())
    except InvalidInput:
        return Cursor()


def _link(request: HttpRequest, cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor.text()
    return f"?{query.urlencode()}"
