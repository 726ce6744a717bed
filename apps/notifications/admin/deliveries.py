"""Staff's list of messages, the life of each, and dead letters with a second chance."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.core.errors import InvalidInput
from apps.core.pages import Cursor, read_cursor
from apps.notifications.admin.find import find_by_address
from apps.notifications.contracts import Channel
from apps.notifications.models import Delivery
from apps.notifications.queries.staff_deliveries import DeliveryFilter, find_delivery_life, list_deliveries
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.rules.labels import CHANNEL_LABELS
from apps.notifications.services.retry_by_staff import retry_by_staff

_MOST_AT_ONCE = 100


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    """Pages of our own: rows of every firm are read in one audited place, by granted columns, not by a form."""

    def get_urls(self) -> list[URLPattern]:
        """Name the list as the admin's index expects it, then one page per message."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.listed), name="notifications_delivery_changelist"),
            path("<int:delivery_id>/", view(self.life), name="notifications_delivery_life"),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Messages are promised by the product only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """What was promised stays on record."""
        return False

    def listed(self, request: HttpRequest) -> HttpResponse:
        """List messages by status, channel, kind and day; POST tries the chosen dead letters again."""
        _must(request, "view")
        if request.method == "POST" and "address" in request.POST:
            return find_by_address(request)
        if request.method == "POST":
            return self._retry(request, _chosen_ids(request))
        wanted = _read_filter(request)
        page, rows, estimate = list_deliveries(_staff_id(request), wanted, _read_cursor(request))
        context = {
            "rows": rows,
            "estimate": estimate,
            "is_all": page.next is None and page.previous is None,
            "older": _link(request, page.next),
            "newer": _link(request, page.previous),
            "filter": wanted,
            "may_retry": _may(request, "change") and any(row.status == Delivery.Status.DEAD for row in rows),
            "statuses": [status.value for status in Delivery.Status],
            "channels": [(channel.value, CHANNEL_LABELS[channel]) for channel in Channel if channel != Channel.IN_APP],
            "kinds": sorted((kind.key, kind.label) for kind in KINDS),
        }
        return self._answer(request, "deliveries", "Messages", **context)

    def life(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Show one message's way; POST tries it again if it is dead."""
        _must(request, "view")
        if request.method == "POST":
            return self._retry(request, [delivery_id])
        life = find_delivery_life(_staff_id(request), delivery_id)
        if life is None:
            raise Http404
        may_retry = _may(request, "change") and life.delivery.status == Delivery.Status.DEAD
        return self._answer(request, "delivery", life.delivery.label, life=life, may_retry=may_retry)

    def _retry(self, request: HttpRequest, delivery_ids: list[int]) -> HttpResponse:
        _must(request, "change")
        count = retry_by_staff(staff_user_id=_staff_id(request), delivery_ids=delivery_ids)
        if count:
            messages.success(request, f"{count} message{'s go' if count != 1 else ' goes'} out again.")
        else:
            messages.warning(request, "Nothing was tried again: none of these is a dead letter.")
        return HttpResponseRedirect(request.get_full_path())

    def _answer(self, request: HttpRequest, page: str, title: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        overview = reverse("admin:notifications_delivery_changelist")
        may_see_people = request.user.has_perm("accounts.view_user")
        own = {"overview": overview, "may_see_people": may_see_people, **context}
        return TemplateResponse(request, f"notifications/admin/{page}.html", {**shared, **own})


def _may(request: HttpRequest, right: str) -> bool:
    return request.user.has_perm(f"notifications.{right}_delivery")


def _must(request: HttpRequest, right: str) -> None:
    if not _may(request, right):
        raise PermissionDenied


def _staff_id(request: HttpRequest) -> int:
    staff: Any = request.user
    user_id: int = staff.pk
    return user_id


def _chosen_ids(request: HttpRequest) -> list[int]:
    chosen = request.POST.getlist("delivery")[:_MOST_AT_ONCE]
    return [int(text) for text in chosen if text.isascii() and text.isdigit() and len(text) < 19]


def _read_cursor(request: HttpRequest) -> Cursor:
    """A cursor that was cut shows the first page: staff pass addresses around."""
    try:
        return read_cursor(request.GET.dict())
    except InvalidInput:
        return Cursor()


def _read_filter(request: HttpRequest) -> DeliveryFilter:
    get = request.GET.get
    return DeliveryFilter(
        status=get("status", ""),
        channel=get("channel", ""),
        kind=get("kind", ""),
        since=_day(get("since", "")),
        until=_day(get("until", "")),
        who=get("who", ""),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def _link(request: HttpRequest, cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor.text()
    return f"?{query.urlencode()}"
