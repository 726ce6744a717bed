"""Sign in on a page: address and password, then the second step; and out again."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.contracts import IdentityPurpose, PendingSignIn, SignedIn
from apps.accounts.errors import TokenRefused
from apps.accounts.pages.answer import answer_page, put_into_form
from apps.accounts.pages.forms import SecondStepForm, SignInForm
from apps.accounts.pages.limits import limit_form
from apps.accounts.pages.origin import origin_of
from apps.accounts.pages.visitor import enter, find_visitor, leave, next_address, way_through
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.queries.providers import list_offered
from apps.accounts.services.end_session import end_session
from apps.accounts.services.finish_sign_in import finish_sign_in, send_sign_in_code
from apps.accounts.services.limit_entries import give_back_entry
from apps.accounts.services.log_in import log_in
from apps.core.errors import DomainError

PENDING, _METHODS, _MAY_TRUST = "pending", "pending_methods", "pending_may_trust"
_DEVICE_COOKIE = "sf_device"
_DEVICE_LASTS_SECONDS = 30 * 86_400
_LABELS = {
    "app": "Enter the six digits your authenticator app shows now.",
    "sms": "Enter the six digits from our text message.",
    "recovery": "Enter one of your recovery codes. It works once.",
}


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; lead on to the second step where there is one."""
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            counted = limit_form(request, form)
            outcome = log_in(
                **form.cleaned_data,
                origin=origin_of(request),
                now=timezone.now(),
                device_token=device_token_of(request),
            )
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            give_back_entry(counted)
            return go_on(request, outcome, next_address(request))
    context = {
        "form": form,
        "next": next_address(request),
        "providers": list_offered(),
        "purpose": IdentityPurpose.SIGN_IN.value,
    }
    return answer_page(request, "sign_in", context, status=status)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def second_step_page(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the app, of a text message, or a recovery code."""
    pending, methods = request.session.get(PENDING), request.session.get(_METHODS, [])
    if not pending or not methods:
        return HttpResponseRedirect(way_through("sign-in", next_address(request)))
    method = request.POST.get("method") or request.GET.get("method", "")
    method = method if method in methods else methods[0]
    form, status = SecondStepForm(request.POST or None), 200
    if not request.session.get(_MAY_TRUST):
        del form.fields["trust_device"]
    if request.method == "POST" and form.is_valid():
        try:
            limit_form(request, form)
            signed_in = finish_sign_in(
                pending=pending,
                method=method,
                code=form.cleaned_data["code"],
                trust=bool(form.cleaned_data.get("trust_device")),
                origin=origin_of(request),
                now=timezone.now(),
            )
        except TokenRefused:
            return HttpResponseRedirect(way_through("sign-in", next_address(request)))
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return go_on(request, signed_in, next_address(request))
    context = {
        "form": form,
        "method": method,
        "others": [each for each in methods if each != method],
        "lead": _LABELS[method],
        "next": next_address(request),
        "was_sent": request.GET.get("sent") == "1",
    }
    return answer_page(request, "second_step", context, status=status)


@never_cache
@require_POST
def send_code_page(request: HttpRequest) -> HttpResponse:
    """Text a code to the person who is half-way in, and go back to where it is entered."""
    back = way_through("sign-in-second-step", next_address(request)) + "&method=sms"
    try:
        send_sign_in_code(pending=request.session.get(PENDING, ""), origin=origin_of(request), now=timezone.now())
    except TokenRefused:
        return HttpResponseRedirect(way_through("sign-in", next_address(request)))
    except DomainError as error:
        form = SecondStepForm({})
        form.errors.clear()
        status = put_into_form(form, error)
        context = {"form": form, "method": "sms", "others": [], "lead": _LABELS["sms"], "next": next_address(request)}
        return answer_page(request, "second_step", context, status=status)
    return HttpResponseRedirect(back + "&sent=1")


@never_cache
@require_POST
def sign_out_page(request: HttpRequest) -> HttpResponse:
    """Sign out here."""
    visitor = find_visitor(request)
    if visitor is not None and visitor.session_id is not None:
        end_session(user_id=visitor.user_id, session_id=visitor.session_id, now=timezone.now())
    leave(request)
    return HttpResponseRedirect(reverse("sign-in"))


def go_on(request: HttpRequest, outcome: SignedIn | PendingSignIn, back: str) -> HttpResponse:
    """Lead on after a first or second step that succeeded. back: where to, in the end."""
    if isinstance(outcome, PendingSignIn):
        return _ask_second_step(request, outcome, back)
    return _let_in(request, outcome, back)


def device_token_of(request: HttpRequest) -> str:
    """Return what this browser shows for being a trusted device, or nothing."""
    return request.COOKIES.get(_DEVICE_COOKIE, "")[:100]


def _ask_second_step(request: HttpRequest, outcome: PendingSignIn, back: str) -> HttpResponse:
    request.session.cycle_key()
    request.session[PENDING] = outcome.token
    request.session[_METHODS] = list(outcome.methods)
    request.session[_MAY_TRUST] = outcome.may_trust_device
    request.session.set_expiry(600)
    return HttpResponseRedirect(way_through("sign-in-second-step", back))


def _let_in(request: HttpRequest, signed_in: SignedIn, back: str) -> HttpResponse:
    enter(request, signed_in)
    response = HttpResponseRedirect(_first_to(signed_in.user_id) or back)
    if signed_in.device_token:
        response.set_cookie(
            _DEVICE_COOKIE,
            signed_in.device_token,
            max_age=_DEVICE_LASTS_SECONDS,
            path=reverse("sign-in"),
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _first_to(user_id: int) -> str:
    """Return where somebody goes who must have a second step and has none, such as after a reset; else nothing."""
    state = get_factor_state(user_id=user_id)
    return reverse("account-second-step") if state.is_required and not state.has_any else ""
