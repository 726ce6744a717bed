"""A person's own safety on pages: where they are signed in, their second step, their recovery codes."""

from collections.abc import Callable
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.pages.answer import answer_page, put_into_form
from apps.accounts.pages.forms import CodeForm, OwnPasswordForm, PhoneForm
from apps.accounts.pages.origin import origin_of
from apps.accounts.pages.visitor import next_address, signed_in_page, way_through
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.queries.sessions import list_open_sessions
from apps.accounts.rules.methods import APP, PASSWORD, SMS
from apps.accounts.services.end_session import end_listed_session, end_sessions_everywhere
from apps.accounts.services.recovery_codes import renew_recovery_codes
from apps.accounts.services.remove_factor import remove_factor
from apps.accounts.services.set_up_authenticator import begin_authenticator, confirm_authenticator
from apps.accounts.services.set_up_phone import begin_phone, confirm_phone
from apps.accounts.services.step_up import send_step_up_code, step_up
from apps.core.errors import DomainError, NotFound, StepUpNeeded
from apps.core.permissions import Principal, require_step_up

_FORM_METHODS = require_http_methods(["GET", "POST"])
_BACK = {"link": reverse_lazy("account-second-step"), "label": "Back"}


@signed_in_page
@_FORM_METHODS
def sessions_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """List where the person is signed in; sign one device out, or all."""
    now = timezone.now()
    if request.method == "POST":
        if request.POST.get("everywhere"):
            end_sessions_everywhere(user_id=visitor.user_id, origin=origin_of(request), now=now)
        else:
            _end_one(visitor.user_id, request.POST.get("session", ""))
        return HttpResponseRedirect(request.path)
    sessions = list_open_sessions(user_id=visitor.user_id, current_id=visitor.session_id, now=now)
    return answer_page(request, "sessions", {"sessions": sessions})


@sensitive_post_parameters("password", "code")
@signed_in_page
@_FORM_METHODS
def confirm_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Step up: prove the second factor again, or the password where none is set up, then go on."""
    state, back = get_factor_state(user_id=visitor.user_id), next_address(request)
    if not state.step_up_methods:
        return HttpResponseRedirect(reverse("account-second-step"))
    method = request.POST.get("method") or request.GET.get("method", "")
    method = method if method in state.step_up_methods else state.step_up_methods[0]
    field, kind = ("password", OwnPasswordForm) if method == PASSWORD else ("code", CodeForm)
    form, status = kind(request.POST if field in request.POST else None), 200
    try:
        if request.POST.get("send"):
            send_step_up_code(user_id=visitor.user_id, origin=origin_of(request), now=timezone.now())
        elif request.method == "POST" and form.is_valid():
            step_up(
                user_id=visitor.user_id,
                session_id=visitor.session_id or 0,
                method=method,
                code=form.cleaned_data[field],
                origin=origin_of(request),
                now=timezone.now(),
            )
            return HttpResponseRedirect(back)
    except DomainError as error:
        form = form if form.is_bound else kind({})
        status = put_into_form(form, error)
    others = [each for each in state.step_up_methods if each != method]
    context = {"form": form, "method": method, "others": others, "next": back, "was_sent": "send" in request.POST}
    return answer_page(request, "confirm", context, status=status)


@signed_in_page
def second_step_settings_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Show the person's second steps and what can be done with them."""
    return answer_page(request, "second_step_settings", {"state": get_factor_state(user_id=visitor.user_id)})


@sensitive_post_parameters("password", "code")
@signed_in_page
@_FORM_METHODS
def set_up_app_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Set up an authenticator app: prove it is you, scan the code, enter the first digits."""
    if "code" in request.POST:
        return _confirm(request, visitor, "set_up_app", confirm_authenticator)
    asks_password = not get_factor_state(user_id=visitor.user_id).has_any
    form: Form = OwnPasswordForm(request.POST or None) if asks_password else Form(request.POST)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            begun = begin_authenticator(
                user_id=visitor.user_id,
                factor_at=visitor.factor_at,
                password=form.cleaned_data.get("password", ""),
                now=timezone.now(),
            )
        except StepUpNeeded:
            return HttpResponseRedirect(way_through("account-confirm", request.path))
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return answer_page(request, "set_up_app", {"begun": begun, "form": CodeForm()})
    context = {
        "form": form,
        "title": "Set up an authenticator app",
        "lead": "An app on your phone shows six digits that change every half minute. Next, you scan a code with it.",
        "button": "Go on",
        **_BACK,
    }
    return answer_page(request, "form", context, status=status)


@sensitive_post_parameters("password", "code")
@signed_in_page
@_FORM_METHODS
def set_up_phone_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Set up text messages: name the number, enter the code sent to it."""
    if "code" in request.POST:
        return _confirm(request, visitor, "set_up_phone", confirm_phone)
    form, status = PhoneForm(request.POST or None), 200
    if get_factor_state(user_id=visitor.user_id).has_any:
        del form.fields["password"]
    if request.method == "POST" and form.is_valid():
        try:
            begin_phone(
                user_id=visitor.user_id,
                number=form.cleaned_data["phone"],
                factor_at=visitor.factor_at,
                password=form.cleaned_data.get("password", ""),
                origin=origin_of(request),
                now=timezone.now(),
            )
        except StepUpNeeded:
            return HttpResponseRedirect(way_through("account-confirm", request.path))
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return answer_page(request, "set_up_phone", {"form": CodeForm()})
    context = {
        "form": form,
        "title": "Set up text messages",
        "lead": "We send six digits to your number when you sign in. An authenticator app is safer and works abroad.",
        "button": "Send a code",
        **_BACK,
    }
    return answer_page(request, "form", context, status=status)


@signed_in_page
@_FORM_METHODS
def remove_factor_page(request: HttpRequest, visitor: Principal, method: str) -> HttpResponse:
    """Remove the app or the number, after a step-up."""
    form, status = Form({}), 200
    if request.method == "POST" and method in (APP, SMS):
        try:
            require_step_up(visitor)
            remove_factor(user_id=visitor.user_id, method=method, origin=origin_of(request), now=timezone.now())
            return HttpResponseRedirect(reverse("account-second-step"))
        except StepUpNeeded:
            return HttpResponseRedirect(way_through("account-confirm", request.path))
        except DomainError as error:
            status = put_into_form(form, error)
    context = {
        "form": form,
        "title": "Remove your authenticator app?" if method == APP else "Remove your number?",
        "lead": "You will no longer be asked for it at sign-in.",
        "button": "Remove it",
        **_BACK,
    }
    return answer_page(request, "form", context, status=status)


@signed_in_page
@_FORM_METHODS
def recovery_codes_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Show how many codes are left; make ten new ones after a step-up, and show them this once."""
    state = get_factor_state(user_id=visitor.user_id)
    if not state.has_any:
        return HttpResponseRedirect(reverse("account-second-step"))
    if request.method == "POST":
        try:
            require_step_up(visitor)
        except StepUpNeeded:
            return HttpResponseRedirect(way_through("account-confirm", request.path))
        codes = renew_recovery_codes(user_id=visitor.user_id, origin=origin_of(request), now=timezone.now())
        return answer_page(request, "codes", {"codes": codes})
    context = {
        "form": None,
        "title": "Recovery codes",
        "lead": f"You have {state.recovery_codes_left} of 10 codes left. New ones replace them.",
        "button": "Make ten new codes",
        **_BACK,
    }
    return answer_page(request, "form", context)


def _confirm(
    request: HttpRequest, visitor: Principal, template: str, confirm: Callable[..., tuple[str, ...]]
) -> HttpResponse:
    form, status = CodeForm(request.POST), 200
    if form.is_valid():
        try:
            codes = confirm(
                user_id=visitor.user_id,
                session_id=visitor.session_id or 0,
                code=form.cleaned_data["code"],
                origin=origin_of(request),
                now=timezone.now(),
            )
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            if codes:
                return answer_page(request, "codes", {"codes": codes})
            return HttpResponseRedirect(reverse("account-second-step"))
    return answer_page(request, template, {"form": form, "begun": None}, status=status)


def _end_one(user_id: int, public_id: str) -> None:
    try:
        end_listed_session(user_id=user_id, public_id=UUID(public_id), now=timezone.now())
    except (NotFound, ValueError):
        return  # it ended meanwhile, which is what was wanted, or never was
