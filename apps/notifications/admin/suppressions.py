"""Staff's list of addresses that must not be written to, and their release."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from apps.notifications.admin.find import find_by_address
from apps.notifications.contracts import Channel, SuppressionReason
from apps.notifications.errors import SuppressionNotFound
from apps.notifications.models import Suppression
from apps.notifications.queries.staff_suppressions import SuppressionFilter, list_suppressions
from apps.notifications.rules.labels import CHANNEL_LABELS, SUPPRESSION_LABELS
from apps.notifications.services.suppress import release_suppression

_LONGEST_WHY = 200


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin[Suppression]):
    """A page of our own: the addresses are sealed, and a release says why."""

    def get_urls(self) -> list[URLPattern]:
        """Name the list as the admin's index expects it."""
        view = self.admin_site.admin_view
        return [path("", view(self.listed), name="notifications_suppression_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Vendors' reports and people's own words suppress."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        """What was suppressed, and who released it, stays on record."""
        return False

    def listed(self, request: HttpRequest) -> HttpResponse:
        """List suppressions by channel and reason; POST releases one."""
        if not request.user.has_perm("notifications.view_suppression"):
            raise PermissionDenied
        staff: Any = request.user
        may_release = staff.has_perm("notifications.change_suppression")
        if request.method == "POST" and "address" in request.POST:
            return find_by_address(request)
        if request.method == "POST":
            if not may_release:
                raise PermissionDenied
            return _release(request, staff.pk)
        wanted = _read_filter(request)
        rows, next_before = list_suppressions(staff.pk, wanted, before=_number(request.GET.get("before", "")))
        context = {
            **self.admin_site.each_context(request),
            "title": "Addresses not written to",
            "opts": self.opts,
            "rows": rows,
            "older": _older(request, next_before),
            "filter": wanted,
            "may_release": may_release,
            "may_see_people": staff.has_perm("accounts.view_user"),
            "channels": [(channel.value, CHANNEL_LABELS[channel]) for channel in Channel if channel != Channel.IN_APP],
            "reasons": [(reason.value, SUPPRESSION_LABELS[reason]) for reason in SuppressionReason],
        }
        return TemplateResponse(request, "notifications/admin/suppressions.html", context)


def _release(request: HttpRequest, staff_user_id: int) -> HttpResponse:
    suppression_id = _number(request.POST.get("suppression", ""))
    why = " ".join(request.POST.get("why", "").split())[:_LONGEST_WHY]
    if suppression_id is None or not why:
        messages.error(request, "Say why the address may be written to again.")
        return HttpResponseRedirect(request.get_full_path())
    try:
        release_suppression(suppression_id=suppression_id, staff_user_id=staff_user_id, why=why)
    except SuppressionNotFound as error:
        messages.warning(request, f"{error.detail}.")
    else:
        messages.success(request, "Released. The next message to this address goes.")
    return HttpResponseRedirect(request.get_full_path())


def _read_filter(request: HttpRequest) -> SuppressionFilter:
    get = request.GET.get
    return SuppressionFilter(
        channel=get("channel", ""),
        reason=get("reason", ""),
        who=get("who", ""),
        is_released=get("released") == "1",
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _older(request: HttpRequest, before: int | None) -> str:
    if before is None:
        return ""
    query = request.GET.copy()
    query["before"] = str(before)
    return f"?{query.urlencode()}"
