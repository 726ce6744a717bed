"""Ask for the second step in the middle of a form: what was filled in comes along and is done after the code."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.pages.answer import put_into_form
from apps.accounts.pages.forms import FactorForm, FactorPasswordForm
from apps.accounts.pages.origin import origin_of
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.rules.methods import PASSWORD
from apps.accounts.services.step_up import send_step_up_code, step_up
from apps.core.errors import DomainError
from apps.core.firm_pages import FirmVisit, answer_in_frame

_OURS = ("csrfmiddlewaretoken", "factor_method", "factor_code", "factor_password", "factor_send")


def confirm_inline(request: HttpRequest, visit: FirmVisit) -> HttpResponse | None:
    """Return None once the right code came along, so that the act goes on; else the page that asks for it."""
    state = get_factor_state(user_id=visit.user_id)
    if not state.step_up_methods:
        return answer_in_frame(request, visit, "accounts/pages/factor_missing.html", {}, status=403)
    wanted = request.POST.get("factor_method", "")
    method = wanted if wanted in state.step_up_methods else state.step_up_methods[0]
    field, kind = ("factor_password", FactorPasswordForm) if method == PASSWORD else ("factor_code", FactorForm)
    form, status, was_sent = kind(request.POST if field in request.POST else None), 200, False
    try:
        if request.POST.get("factor_send"):
            send_step_up_code(user_id=visit.user_id, origin=origin_of(request), now=timezone.now())
            form, was_sent = kind(), True
        elif form.is_valid():
            _prove(request, visit, method, form.cleaned_data[field])
            return None
    except DomainError as error:
        form = form if form.is_bound else kind({})
        status = put_into_form(form, error)
    context = {
        "form": form,
        "method": method,
        "others": [each for each in state.step_up_methods if each != method],
        "was_sent": was_sent,
        "kept": [(name, each) for name, values in request.POST.lists() if name not in _OURS for each in values],
    }
    return answer_in_frame(request, visit, "accounts/pages/confirm_inline.html", context, status=status)


def _prove(request: HttpRequest, visit: FirmVisit, method: str, code: str) -> None:
    step_up(
        user_id=visit.user_id,
        session_id=visit.who.session_id or 0,
        method=method,
        code=code,
        origin=origin_of(request),
        now=timezone.now(),
    )
