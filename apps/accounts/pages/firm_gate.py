"""The gate of a firm's pages, of every app: the same table and the same order of questions as the API's."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from apps.accounts.pages.answer import answer_page
from apps.accounts.pages.confirm_inline import confirm_inline
from apps.accounts.pages.visitor import find_visitor, way_through
from apps.accounts.queries.firms import get_firm_profile
from apps.core.access import Rule
from apps.core.errors import Conflict, DomainError, NotFound, SecondFactorNeeded, StepUpNeeded, TermsNeeded
from apps.core.firm_pages import FirmPage, FirmVisit, firm_address, firm_pages
from apps.core.permissions import FirmAccess, Principal, judge, table
from apps.core.problems import status_of
from apps.core.scope import Role
from apps.core.tenancy import tenant
from apps.core.views import find_firm_access, note_consultants_read


def let_in(request: HttpRequest, page: FirmPage, kwargs: dict[str, Any]) -> HttpResponseBase:
    """Call the page for a visitor who may see it; lead everybody else to where they can change that."""
    rule = _rule_of(request)
    if rule is None:
        return HttpResponseNotAllowed(sorted(table.routes().get(_route_of(request), ())))
    visitor = find_visitor(request)
    if visitor is None:
        return HttpResponseRedirect(way_through("sign-in", request.get_full_path()))
    try:
        firm_public_id = _named_firm(request)
        if firm_public_id is None:
            return HttpResponseRedirect(f"{reverse('start')}?{urlencode({'next': request.path})}")
        visit = _visit(request, visitor, firm_public_id)
        asked = _question(request, visit, rule)
        if asked is not None:
            return asked
    except DomainError as error:
        return _refusal(request, error)
    try:
        response = page(request, visit, **kwargs)
    except Conflict as error:  # what is not to be shown at this moment
        return _refusal(request, error)
    if request.method == "GET" and visit.access.role is Role.CONSULTANT:
        note_consultants_read(request, visit.access, user_id=visit.user_id)
    return response


def _question(request: HttpRequest, visit: FirmVisit, rule: Rule) -> HttpResponse | None:
    """Return the page that asks for the second step before a sensitive act, or None to go on."""
    try:
        judge(rule, request.method or "", visit.who)
    except StepUpNeeded:
        return confirm_inline(request, visit)
    return None


def _route_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.url_name if match and match.url_name else ""


def _rule_of(request: HttpRequest) -> Rule | None:
    return table.find_rule(_route_of(request), request.method or "")


def _named_firm(request: HttpRequest) -> UUID | None:
    """Return the firm the address names, or None when it names none. Raises NotFound for what is no firm's id."""
    named = request.GET.get("firm", "")
    if not named:
        return None
    try:
        return UUID(named)
    except ValueError as error:
        raise NotFound from error


def _visit(request: HttpRequest, visitor: Principal, firm_public_id: UUID) -> FirmVisit:
    access = find_firm_access(visitor, firm_public_id)
    with tenant(access.firm_id, read_only=True):
        name = get_firm_profile(firm_id=access.firm_id).name
    visit = FirmVisit(replace(visitor, firm=access), access, name)
    return replace(visit, frame={"pages": _pages(visit, access, _route_of(request))})


def _pages(visit: FirmVisit, access: FirmAccess, here: str) -> list[dict[str, object]]:
    """Return the ways to the firm's other pages, for those who may open them."""
    return [
        {"address": visit.address(route), "label": label, "is_here": route == here}
        for route, label in firm_pages
        if (rule := table.find_rule(route, "GET")) is not None and access.may(rule, "GET")
    ]


def _refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    said = {"title": error.title, "text": error.detail, "link": reverse("start"), "label": "Your firms"}
    if isinstance(error, NotFound):
        said |= {"title": "Not found", "text": "There is no such firm, or you do not belong to it any more."}
    elif isinstance(error, TermsNeeded):
        address = firm_address(reverse("agreements-page"), _named_firm(request) or UUID(int=0))
        said |= {"link": address, "label": "Read and agree"}
    elif isinstance(error, SecondFactorNeeded):
        said |= {"link": reverse("account-second-step"), "label": "Your second step"}
    return answer_page(request, "message", said, status=status_of(error))
