"""Staff's list of lost second factors: who waits, until when, and the decision with its reason."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from apps.accounts.models import FactorReset
from apps.accounts.queries.staff_factor_resets import list_factor_resets
from apps.accounts.rules.factor_reset import SHORTEST_REASON
from apps.accounts.services.settle_factor_resets import approve_factor_reset
from apps.accounts.services.stop_factor_reset import refuse_factor_reset
from apps.core.errors import DomainError

_LONGEST_REASON = 500


@admin.register(FactorReset)
class FactorResetAdmin(admin.ModelAdmin[FactorReset]):
    """A page of our own: requests of everybody are read in one audited place, by granted columns, not by a form."""

    def get_urls(self) -> list[URLPattern]:
        """Name the list as the admin's index expects it."""
        return [path("", self.admin_site.admin_view(self.listed), name="accounts_factorreset_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A request begins with the person's own password."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FactorReset | None = None) -> bool:
        """What was asked and decided stays on record."""
        return False

    def listed(self, request: HttpRequest) -> HttpResponse:
        """List the requests that wait, or those that are over; POST approves or refuses one."""
        staff: Any = request.user
        if not staff.has_perm("accounts.view_factorreset"):
            raise PermissionDenied
        may_decide = staff.has_perm("accounts.change_factorreset")
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            return _decide(request, staff.pk)
        is_over = request.GET.get("over") == "1"
        before = _number(request.GET.get("before", ""))
        rows, next_before = list_factor_resets(staff.pk, is_over=is_over, before=before)
        context = {
            **self.admin_site.each_context(request),
            "title": "Lost second steps",
            "opts": self.opts,
            "rows": rows,
            "is_over": is_over,
            "older": f"?{'over=1&' if is_over else ''}before={next_before}" if next_before else "",
            "may_decide": may_decide,
            "may_see_people": staff.has_perm("accounts.view_user"),
            "staff_id": staff.pk,
            "shortest_reason": SHORTEST_REASON,
        }
        return TemplateResponse(request, "accounts/admin/factor_resets.html", context)


def _decide(request: HttpRequest, staff_id: int) -> HttpResponse:
    back = HttpResponseRedirect(request.get_full_path())
    user_id, reset_id = _number(request.POST.get("person", "")), _number(request.POST.get("reset", ""))
    reason = " ".join(request.POST.get("reason", "").replace("\x00", "").split())[:_LONGEST_REASON]
    if user_id is None or reset_id is None or len(reason) < SHORTEST_REASON:
        messages.error(request, f"Say in {SHORTEST_REASON} characters or more why.")
        return back
    try:
        if request.POST.get("refuse"):
            decided = {"user_id": user_id, "reset_id": reset_id, "staff_user_id": staff_id}
            refuse_factor_reset(**decided, reason=reason, now=timezone.now())
            messages.success(request, "Refused. The person was told; their account is as it was.")
        elif approve_factor_reset(
            user_id=user_id, reset_id=reset_id, staff_user_id=staff_id, reason=reason, now=timezone.now()
        ):
            messages.success(request, "Approved and done: the second step is off, and every device was signed out.")
        else:
            messages.success(request, "Approved. It happens when the waiting time is over, unless somebody stops it.")
    except DomainError as error:
        messages.warning(request, f"{error.title}.")
    return back


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
