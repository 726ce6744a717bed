"""Where people go on whom a provider has vouched for: in, to their own account, or to a new one."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.contracts import IdentityPurpose
from apps.accounts.errors import IdentityUnknown
from apps.accounts.pages.agreed import take_agreed
from apps.accounts.pages.answer import answer_message, answer_page, put_into_form
from apps.accounts.pages.forms import NameAndAddressForm
from apps.accounts.pages.limits import limit_form
from apps.accounts.pages.origin import origin_of
from apps.accounts.pages.provider_words import label_of
from apps.accounts.pages.sign_in import device_token_of, go_on
from apps.accounts.pages.visitor import HOME, way_through
from apps.accounts.services.request_registration import request_registration_with_identity
from apps.accounts.services.sign_in_with_identity import PROVED_IDENTITY, Proof, enter_with_identity, read_proof
from apps.core.errors import DomainError

_WAYS_IN = "/account/ways-in"


@never_cache
@require_GET
def identity_page(request: HttpRequest) -> HttpResponse:
    """Let a linked identity in, or ask for the second step. What was handed over works once."""
    proof = read_proof(request.session.pop(PROVED_IDENTITY, ""), now=timezone.now())
    if proof is None or proof.purpose is IdentityPurpose.LINK:
        return HttpResponseRedirect(reverse("sign-in"))
    try:
        outcome = enter_with_identity(
            identity=proof.identity,
            origin=origin_of(request),
            now=timezone.now(),
            device_token=device_token_of(request),
        )
    except IdentityUnknown:
        return HttpResponseRedirect(reverse("sign-in-identity-unknown"))
    return go_on(request, outcome, proof.back_to or HOME)


@never_cache
@require_GET
def unknown_identity_page(request: HttpRequest) -> HttpResponse:
    """Say what to do with a log-in that is not linked; the page is the same whoever else has its address."""
    proof = read_proof(request.session.pop(PROVED_IDENTITY, ""), now=timezone.now())
    who = f"You are {label_of(proof.identity)}." if proof else "Your log-in is right."
    context = {"who": who, "sign_in": way_through("sign-in", _WAYS_IN)}
    return answer_page(request, "identity_unknown", context)


@never_cache
@require_http_methods(["GET", "POST"])
def register_identity_page(request: HttpRequest) -> HttpResponse:
    """Register with the log-in just proved: no password; the address is confirmed by mail as ever."""
    proof = read_proof(request.session.get(PROVED_IDENTITY, ""), now=timezone.now())
    if proof is None or proof.purpose is not IdentityPurpose.REGISTER:
        return HttpResponseRedirect(reverse("register"))
    stated = {"name": proof.identity.name, "email": proof.identity.email}
    form, status = NameAndAddressForm(request.POST or None, initial=stated), 200
    if request.method == "POST" and form.is_valid():
        try:
            limit_form(request, form)
            agreed = take_agreed(request, form)
            request_registration_with_identity(**form.cleaned_data, agreed=agreed, identity=proof.identity)
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            request.session.pop(PROVED_IDENTITY, None)
            return _sent(request)
    return answer_page(request, "form", _registration(form, proof), status=status)


def _registration(form: NameAndAddressForm, proof: Proof) -> dict[str, object]:
    return {
        "form": form,
        "title": "Create your account",
        "lead": f"You will sign in as {label_of(proof.identity)}. First we email you a link.",
        "button": "Create the account",
        "link": reverse("register"),
        "label": "Register with a password instead",
    }


def _sent(request: HttpRequest) -> HttpResponse:
    return answer_message(
        request,
        title="Check your email",
        text="If the address is right, an email is on its way. It may take a minute; look among unwanted ones too.",
    )
