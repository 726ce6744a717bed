"""The page behind a mailed invitation. Opening it accepts nothing; its button does."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.contracts import IdentityPurpose
from apps.accounts.errors import LinkRefused
from apps.accounts.pages.agreed import take_agreed
from apps.accounts.pages.answer import answer_message, answer_page, put_into_form
from apps.accounts.pages.forms import NameForm, NewMemberForm
from apps.accounts.pages.origin import origin_of
from apps.accounts.pages.provider_words import label_of
from apps.accounts.pages.visitor import find_visitor, way_through
from apps.accounts.queries.providers import list_offered
from apps.accounts.services.accept_invitation import accept_as_member, accept_as_new_person, accept_with_identity
from apps.accounts.services.limit_entries import limit_entries
from apps.accounts.services.preview_invitation import Offer, preview_invitation
from apps.accounts.services.sign_in_with_identity import PROVED_IDENTITY, Proof, read_proof
from apps.core.client_address import client_ip
from apps.core.errors import DomainError
from apps.core.problems import status_of


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is offered; take it as the signed-in person, or with a new account."""
    try:
        limit_entries(ip=client_ip(request), email=None, now=timezone.now())
        offer = preview_invitation(token=token, now=timezone.now())
        visitor = find_visitor(request)
        if visitor is not None:
            return _join(request, token, offer, visitor.user_id)
        if offer.has_account:
            return _sign_in_first(request, offer)
        return _join_as_new(request, token, offer)
    except LinkRefused:
        return _no_such_link(request)
    except DomainError as error:
        said = {"title": error.title, "text": error.detail, "link": reverse("sign-in"), "label": "Sign in"}
        return answer_page(request, "message", said, status=status_of(error))


def _join(request: HttpRequest, token: str, offer: Offer, user_id: int) -> HttpResponse:
    if request.method == "POST":
        accept_as_member(token=token, user_id=user_id, now=timezone.now())
        return _joined(request, offer)
    context = {"form": None, "title": f"Join {offer.firm_name}", "lead": _lead(offer), "button": "Join the firm"}
    return answer_page(request, "form", context)


def _proof(request: HttpRequest) -> Proof | None:
    """Return the outside identity that was proved to accept this very invitation with, if one was."""
    proof = read_proof(request.session.get(PROVED_IDENTITY, ""), now=timezone.now())
    is_for_this = proof is not None and proof.purpose is IdentityPurpose.JOIN and proof.back_to == request.path
    return proof if is_for_this else None


def _sign_in_first(request: HttpRequest, offer: Offer) -> HttpResponse:
    context = {
        "title": f"Join {offer.firm_name}",
        "text": f"{_lead(offer)} Sign in as {offer.email} to accept.",
        "link": way_through("sign-in", request.get_full_path()),
        "label": "Sign in",
    }
    return answer_page(request, "message", context)


def _join_with_identity(request: HttpRequest, token: str, offer: Offer, proof: Proof) -> HttpResponse:
    form, status = NameForm(request.POST or None, initial={"name": proof.identity.name}), 200
    if request.method == "POST" and form.is_valid():
        try:
            accept_with_identity(
                token=token,
                name=form.cleaned_data["name"],
                agreed=take_agreed(request, form),
                identity=proof.identity,
                origin=origin_of(request),
                now=timezone.now(),
            )
        except LinkRefused:
            raise
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            request.session.pop(PROVED_IDENTITY, None)
            return _joined(request, offer)
    lead = f"{_lead(offer)} Your account will be {offer.email}, and you sign in as {label_of(proof.identity)}."
    context = {"form": form, "title": f"Join {offer.firm_name}", "lead": lead, "button": "Create the account and join"}
    return answer_page(request, "form", context, status=status)


def _join_as_new(request: HttpRequest, token: str, offer: Offer) -> HttpResponse:
    proof = _proof(request)
    if proof is not None:
        return _join_with_identity(request, token, offer, proof)
    form, status = NewMemberForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            agreed = take_agreed(request, form)
            accept_as_new_person(token=token, agreed=agreed, **form.cleaned_data, now=timezone.now())
        except LinkRefused:
            raise
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return _joined(request, offer)
    context = {
        "form": form,
        "title": f"Join {offer.firm_name}",
        "lead": f"{_lead(offer)} Your account will be {offer.email}.",
        "button": "Create the account and join",
        "providers": list_offered(),
        "purpose": IdentityPurpose.JOIN.value,
        "next": request.path,
    }
    return answer_page(request, "form", context, status=status)


def _lead(offer: Offer) -> str:
    return f"{offer.inviter_name or 'The firm'} invites you as {offer.role}."


def _joined(request: HttpRequest, offer: Offer) -> HttpResponse:
    return answer_message(
        request,
        title=f"You belong to {offer.firm_name}",
        text="Whoever runs the firm here was told.",
        link=reverse("sign-in"),
        label="Sign in",
    )


def _no_such_link(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "This invitation no longer works",
        "text": "It was answered, taken back, sent again since, or is too old. Ask the firm for another one.",
        "link": reverse("sign-in"),
        "label": "Sign in",
    }
    return answer_page(request, "message", context, status=400)
