"""Pages behind mailed links, and those that ask for such mails. Opening a link changes nothing; its button does."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.contracts import IdentityPurpose, OutsideIdentity
from apps.accounts.errors import LinkRefused
from apps.accounts.pages.agreed import take_agreed
from apps.accounts.pages.answer import answer_message, answer_page, put_into_form
from apps.accounts.pages.forms import AddressForm, NewPasswordForm, RegistrationForm
from apps.accounts.pages.limits import limit_form
from apps.accounts.pages.origin import origin_of
from apps.accounts.pages.provider_words import label_of
from apps.accounts.queries.providers import list_offered
from apps.accounts.services.request_password_reset import request_password_reset
from apps.accounts.services.request_registration import request_registration
from apps.accounts.services.reset_password import find_reset, reset_password
from apps.accounts.services.verify_email import find_confirmation, identity_of, verify_email
from apps.core.errors import DomainError

_SENT = "If the address is right, an email is on its way. It may take a minute; look among unwanted ones too."


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def register_page(request: HttpRequest) -> HttpResponse:
    """Register with name, address and password."""
    form, status = RegistrationForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            limit_form(request, form)
            request_registration(agreed=take_agreed(request, form), **form.cleaned_data)
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return answer_message(request, title="Check your email", text=_SENT)
    context = {
        "form": form,
        "title": "Create your account",
        "lead": "We email you a link; your account opens when you follow it.",
        "button": "Create the account",
        "link": reverse("sign-in"),
        "label": "I have an account",
        "providers": list_offered(),
        "purpose": IdentityPurpose.REGISTER.value,
    }
    return answer_page(request, "form", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def verify_page(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address. The button does it: mail programs open links too."""
    try:
        if request.method == "POST":
            verify_email(token=token, origin=origin_of(request), now=timezone.now())
            return answer_message(
                request,
                title="Your email address is confirmed",
                text="Your account is open. Sign in to set it up.",
                link=reverse("sign-in"),
                label="Sign in",
            )
        identity = identity_of(find_confirmation(token=token, now=timezone.now()))
    except LinkRefused:
        return _no_such_link(request, "register", "Register again")
    context = {
        "form": None,
        "title": "Confirm your email address",
        "lead": _opened_with(identity),
        "button": "Confirm my email address",
    }
    return answer_page(request, "form", context)


def _opened_with(identity: OutsideIdentity | None) -> str:
    if identity is None:
        return "Press the button to open your account with the name and password you chose."
    return (
        f"Press the button to open your account. From then on {label_of(identity)} signs in to it. "
        "If that is not you, do not press it."
    )


@never_cache
@require_http_methods(["GET", "POST"])
def forgot_page(request: HttpRequest) -> HttpResponse:
    """Ask for a link that sets a new password."""
    form, status = AddressForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            limit_form(request, form)
            request_password_reset(email=form.cleaned_data["email"], origin=origin_of(request))
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return answer_message(request, title="Check your email", text=_SENT)
    context = {
        "form": form,
        "title": "Choose a new password",
        "lead": "Enter your email address and we send you a link. It works once, for 30 minutes.",
        "button": "Send the link",
        "link": reverse("sign-in"),
        "label": "Back to sign-in",
    }
    return answer_page(request, "form", context, status=status)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def reset_page(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by the mailed link."""
    form, status = NewPasswordForm(request.POST or None), 200
    try:
        if request.method == "POST" and form.is_valid():
            limit_form(request, form)
            reset_password(token=token, **form.cleaned_data, origin=origin_of(request), now=timezone.now())
            return answer_message(
                request,
                title="Your password is changed",
                text="You were signed out on every device. Sign in with the new password.",
                link=reverse("sign-in"),
                label="Sign in",
            )
        find_reset(token=token, now=timezone.now())
    except LinkRefused:
        return _no_such_link(request, "forgot", "Ask for a new link")
    except DomainError as error:
        status = put_into_form(form, error)
    context = {
        "form": form,
        "title": "Choose a new password",
        "lead": "It replaces the one you have, and signs you out everywhere.",
        "button": "Set the password",
    }
    return answer_page(request, "form", context, status=status)


def _no_such_link(request: HttpRequest, route: str, label: str) -> HttpResponse:
    context = {
        "title": "This link no longer works",
        "text": "It was used, replaced by a newer one, or is too old. Nothing was changed.",
        "link": reverse(route),
        "label": label,
    }
    return answer_page(request, "message", context, status=400)
