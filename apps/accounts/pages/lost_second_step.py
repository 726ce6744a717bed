"""Half-way in, and the second step is lost: ask for it to be taken off."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.contracts import FactorResetPlan
from apps.accounts.errors import TokenRefused
from apps.accounts.pages.answer import answer_message, answer_page, put_into_form
from apps.accounts.pages.limits import limit_form
from apps.accounts.pages.origin import origin_of
from apps.accounts.pages.sign_in import PENDING
from apps.accounts.services.request_factor_reset import request_factor_reset
from apps.core.errors import DomainError


@never_cache
@require_http_methods(["GET", "POST"])
def lost_second_step_page(request: HttpRequest) -> HttpResponse:
    """Say what will happen, and let it begin."""
    pending = request.session.get(PENDING)
    if not pending:
        return HttpResponseRedirect(reverse("sign-in"))
    form, status = Form({}), 200
    if request.method == "POST" and form.is_valid():
        try:
            limit_form(request, form)
            plan = request_factor_reset(pending=pending, origin=origin_of(request), now=timezone.now())
        except TokenRefused:
            return HttpResponseRedirect(reverse("sign-in"))
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return _asked(request, plan)
    return answer_page(request, "lost_second_step", {"form": form}, status=status)


def _asked(request: HttpRequest, plan: FactorResetPlan) -> HttpResponse:
    day = f"{plan.earliest_at:%B} {plan.earliest_at.day}, {plan.earliest_at.year}"
    return answer_message(
        request,
        title="We have your request",
        text=(
            f"Nothing is taken off before {day}, and not without our support, who will get in touch with you. We wrote "
            "to every address and number we know of you, and to the owners of your firms. If you find your second "
            "step again, sign in with it: that ends the request."
        ),
        link=reverse("sign-in"),
        label="Back to sign-in",
    )
