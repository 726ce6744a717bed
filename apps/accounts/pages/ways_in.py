"""How a person signs in: the password, and the log-ins elsewhere that open the account."""

from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.contracts import IdentityPurpose
from apps.accounts.pages.answer import answer_page, put_into_form
from apps.accounts.pages.forms import OwnPasswordForm
from apps.accounts.pages.origin import origin_of
from apps.accounts.pages.provider_words import label_of
from apps.accounts.pages.visitor import signed_in_page, way_through
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.queries.identities import has_password, list_linked
from apps.accounts.queries.providers import find_provider, list_offered
from apps.accounts.services.confirm_identity import confirm_identity
from apps.accounts.services.link_identity import link_identity
from apps.accounts.services.permit_link import LINK_PERMIT, permit_link
from apps.accounts.services.sign_in_with_identity import PROVED_IDENTITY, Proof, read_proof
from apps.accounts.services.unlink_identity import unlink_identity
from apps.core.errors import DomainError, StepUpNeeded
from apps.core.permissions import Principal

_FORM_METHODS = require_http_methods(["GET", "POST"])


@signed_in_page
def ways_in_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """List the password and the linked log-ins."""
    offered = {provider.name: provider for provider in list_offered()}
    linked = []
    for each in list_linked(user_id=visitor.user_id):
        provider = find_provider(each.provider)
        region = provider.region_name(each.region) if provider else each.region
        linked.append({"log_in": each, "label": provider.label if provider else each.provider, "region": region})
    context = {
        "linked": linked,
        "offered": list(offered.values()),
        "has_password": has_password(user_id=visitor.user_id),
        "is_new": request.GET.get("linked") == "1",
    }
    return answer_page(request, "ways_in", context)


@sensitive_post_parameters("password")
@signed_in_page
@_FORM_METHODS
def link_begin_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Make sure that it is the person, then offer the way to the provider."""
    form, asks_password, status = _proof_form(request, visitor)
    if (request.method == "POST" and form.is_valid()) or not asks_password:
        try:
            request.session[LINK_PERMIT] = permit_link(
                user_id=visitor.user_id,
                session_id=visitor.session_id or 0,
                factor_at=visitor.factor_at,
                password=form.cleaned_data.get("password", "") if asks_password else "",
                now=timezone.now(),
            )
        except StepUpNeeded:
            return HttpResponseRedirect(way_through("account-confirm", request.path))
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            context = {"providers": list_offered(), "purpose": IdentityPurpose.LINK.value}
            return answer_page(request, "link_begin", context)
    asking: dict[str, object] = {
        "form": form,
        "title": "Link another log-in",
        "lead": "Whoever has it can open your account. To be sure that it is you, enter your password.",
        "button": "Go on",
        "link": reverse("account-ways-in"),
        "label": "Back",
    }
    return answer_page(request, "form", asking, status=status)


@signed_in_page
@_FORM_METHODS
def link_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Show whom the provider vouched for; the button links that log-in to the account."""
    proof = read_proof(request.session.get(PROVED_IDENTITY, ""), now=timezone.now())
    if proof is None or not _is_wish_of(proof, visitor):
        return HttpResponseRedirect(reverse("account-ways-in"))
    form, status = Form({}), 200
    if request.method == "POST":
        request.session.pop(PROVED_IDENTITY, None)
        request.session.pop(LINK_PERMIT, None)
        try:
            link_identity(
                user_id=visitor.user_id, identity=proof.identity, origin=origin_of(request), now=timezone.now()
            )
            return HttpResponseRedirect(f"{reverse('account-ways-in')}?linked=1")
        except DomainError as error:
            status = put_into_form(form, error)
    context = {
        "form": form,
        "title": "Is this you?",
        "lead": f"From now on {label_of(proof.identity)} may open your account here.",
        "button": "Yes, link it",
        "link": reverse("account-ways-in"),
        "label": "No, leave it",
    }
    return answer_page(request, "form", context, status=status)


@sensitive_post_parameters("password")
@signed_in_page
@_FORM_METHODS
def unlink_page(request: HttpRequest, visitor: Principal, identity_id: UUID) -> HttpResponse:
    """Take a log-in away, after the person proved to be themselves."""
    form, asks_password, status = _proof_form(request, visitor)
    if request.method == "POST" and (form.is_valid() or not asks_password):
        try:
            confirm_identity(
                user_id=visitor.user_id,
                factor_at=visitor.factor_at,
                password=form.cleaned_data.get("password", "") if asks_password else "",
                now=timezone.now(),
            )
            unlink_identity(
                user_id=visitor.user_id,
                session_id=visitor.session_id,
                public_id=identity_id,
                origin=origin_of(request),
                now=timezone.now(),
            )
            return HttpResponseRedirect(reverse("account-ways-in"))
        except StepUpNeeded:
            return HttpResponseRedirect(way_through("account-confirm", request.path))
        except DomainError as error:
            status = put_into_form(form, error)
    context = {
        "form": form,
        "title": "Take this log-in away?",
        "lead": "It no longer opens your account, and devices that came in by it are signed out.",
        "button": "Take it away",
        "link": reverse("account-ways-in"),
        "label": "Back",
    }
    return answer_page(request, "form", context, status=status)


def _proof_form(request: HttpRequest, visitor: Principal) -> tuple[Form, bool, int]:
    """Return the form that asks for the password of a person without a second step; one with asks for nothing."""
    asks_password = not get_factor_state(user_id=visitor.user_id).has_any
    form: Form = OwnPasswordForm(request.POST or None) if asks_password else Form({})
    return form, asks_password, 200


def _is_wish_of(proof: Proof, visitor: Principal) -> bool:
    is_theirs = (proof.user_id, proof.session_id) == (visitor.user_id, visitor.session_id)
    return proof.purpose is IdentityPurpose.LINK and is_theirs
