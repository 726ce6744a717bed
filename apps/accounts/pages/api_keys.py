"""A firm's API keys on a page: make one, which is shown once; see when each was used; revoke."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from apps.accounts.errors import ApiKeyNotFound
from apps.accounts.pages.answer import put_into_form, sentence_of
from apps.accounts.pages.firm_forms import KeyForm
from apps.accounts.pages.notices import notice_of, with_notice
from apps.accounts.queries.members import list_api_keys
from apps.accounts.services.create_api_key import create_api_key
from apps.accounts.services.revoke_api_key import revoke_api_key
from apps.core.access import ADMINISTRATORS
from apps.core.errors import DomainError
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.tenancy import tenant

_USUAL_LIFE = timedelta(days=90)


@firm_page
def api_keys_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """List the keys; make one or revoke one. Who is no owner or admin meets their own only."""
    if request.POST.get("act") == "revoke":
        return _revoke(request, visit)
    form, status = KeyForm(initial={"ends_on": (timezone.now() + _USUAL_LIFE).date(), "scopes": ["figures"]}), 200
    if request.method == "POST":
        form = KeyForm(request.POST)
        status = 400
        if form.is_valid():
            try:
                return _make(request, visit, form)
            except DomainError as error:
                status = put_into_form(form, error)
    return _answer(request, visit, form, status=status)


def _make(request: HttpRequest, visit: FirmVisit, form: KeyForm) -> HttpResponse:
    made = create_api_key(
        firm_id=visit.firm_id,
        membership_id=visit.access.membership_id,
        actor_id=visit.user_id,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        permissions=form.cleaned_data["permissions"],
        expires_at=form.expires_at(),
        now=timezone.now(),
    )
    context = {"secret": made.secret, "name": form.cleaned_data["name"], "back": visit.address("api-keys-page")}
    return answer_in_frame(request, visit, "accounts/pages/api_key_made.html", context)


def _revoke(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    number = request.POST.get("key", "")
    try:
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise ApiKeyNotFound
        revoke_api_key(
            firm_id=visit.firm_id,
            api_key_id=int(number),
            actor_id=visit.user_id,
            only_of_membership_id=_whose(visit),
            now=timezone.now(),
        )
    except ApiKeyNotFound as error:
        return _answer(request, visit, KeyForm(), problem=sentence_of(error), status=404)
    return HttpResponseRedirect(with_notice(visit.address("api-keys-page"), "key-revoked"))


def _answer(
    request: HttpRequest, visit: FirmVisit, form: KeyForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    with tenant(visit.firm_id, read_only=True):
        context = {
            "keys": list(list_api_keys(scope=visit.access.scope, membership_id=_whose(visit))),
            "form": form,
            "problem": problem,
            "notice": notice_of(request),
            "now": timezone.now(),
        }
    return answer_in_frame(request, visit, "accounts/pages/api_keys.html", context, status=status)


def _whose(visit: FirmVisit) -> int | None:
    return None if visit.access.role in ADMINISTRATORS else visit.access.membership_id
