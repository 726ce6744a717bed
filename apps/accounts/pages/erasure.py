"""The erasure of a firm on a page: what it means, ask for it, stop it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from apps.accounts.pages.answer import put_into_form, sentence_of
from apps.accounts.pages.firm_forms import FirmNameForm
from apps.accounts.pages.notices import notice_of, with_notice
from apps.accounts.queries.privacy import find_open_erasure
from apps.accounts.services.request_erasure import DELAY, request_erasure, stop_erasure
from apps.core.errors import DomainError
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.problems import status_of
from apps.core.scope import Role
from apps.core.tenancy import tenant


@firm_page
def erasure_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Show when the firm will be erased; an owner asks for it by typing its name, and stops it by a button."""
    form, problem, status, now = FirmNameForm(), "", 200, timezone.now()
    if request.method == "POST":
        try:
            if request.POST.get("act") == "stop":
                stop_erasure(firm_id=visit.firm_id, actor_id=visit.user_id, now=now)
                return _done(visit, "erasure-stopped")
            form, status = FirmNameForm(request.POST), 400
            if form.is_valid():
                request_erasure(firm_id=visit.firm_id, actor_id=visit.user_id, now=now, **form.cleaned_data)
                return _done(visit, "erasure-requested")
        except DomainError as error:
            status = status_of(error)
            if form.is_bound:
                put_into_form(form, error)
            else:
                problem = sentence_of(error)
    with tenant(visit.firm_id, read_only=True):
        erasure = find_open_erasure(scope=visit.access.scope)
    context = {
        "erasure": erasure,
        "days": DELAY.days,
        "is_owner": visit.access.role is Role.OWNER,
        "form": form,
        "problem": problem,
        "notice": notice_of(request),
    }
    return answer_in_frame(request, visit, "accounts/pages/erasure.html", context, status=status)


def _done(visit: FirmVisit, notice: str) -> HttpResponse:
    return HttpResponseRedirect(with_notice(visit.address("erasure-page"), notice))
