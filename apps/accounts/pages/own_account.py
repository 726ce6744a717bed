"""A person's own account on pages: profile, email address, leaving a firm, going for good."""

from contextlib import suppress
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.errors import NoEmailChange, SoleOwner
from apps.accounts.pages.answer import answer_message, answer_page, put_into_form
from apps.accounts.pages.origin import origin_of
from apps.accounts.pages.own_account_forms import NewEmailForm, ProfileForm, SureForm
from apps.accounts.pages.visitor import leave, signed_in_page, way_through
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.queries.firms import find_firm_access, list_memberships
from apps.accounts.queries.own_account import find_pending_email
from apps.accounts.queries.people import get_user
from apps.accounts.services.end_membership import leave_firm
from apps.accounts.services.request_account_deletion import KEPT, request_account_deletion
from apps.accounts.services.request_email_change import request_email_change
from apps.accounts.services.stop_email_change import withdraw_email_change
from apps.accounts.services.update_profile import update_profile
from apps.core.access import is_fresh
from apps.core.client_address import client_ip
from apps.core.errors import DomainError
from apps.core.permissions import Principal

_FORM_METHODS = require_http_methods(["GET", "POST"])


@signed_in_page
@_FORM_METHODS
def account_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Show the person's own account and change name, zone and language."""
    user, status = get_user(user_id=visitor.user_id), 200
    stored = {"name": user.name, "time_zone": user.zone, "locale": user.locale}
    form = ProfileForm(request.POST or None, initial=stored, zone=user.zone)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changes = {"name": given["name"], "zone": given["time_zone"], "locale": given["locale"]}
        update_profile(user_id=user.pk, changes=changes, ip=client_ip(request))
        return HttpResponseRedirect(f"{request.path}?saved=1")
    if form.is_bound:
        status = 400
    context = {
        "form": form,
        "email": user.email,
        "pending": find_pending_email(user_id=user.pk, now=timezone.now()),
        "factors": get_factor_state(user_id=user.pk),
        "firms": list_memberships(user_id=user.pk),
        "is_saved": request.method == "GET" and request.GET.get("saved") == "1",
    }
    return answer_page(request, "account", context, status=status)


@sensitive_post_parameters("password")
@signed_in_page
@_FORM_METHODS
def email_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Ask for another address, or take the wish back."""
    if request.POST.get("withdraw"):
        return _withdraw(visitor)
    asks_password = not get_factor_state(user_id=visitor.user_id).has_any
    if not asks_password and not is_fresh(visitor.factor_at, timezone.now()):
        return HttpResponseRedirect(way_through("account-confirm", request.path))
    form, status = NewEmailForm(request.POST or None), 200
    if not asks_password:
        del form.fields["password"]
    if request.method == "POST" and form.is_valid():
        try:
            request_email_change(
                user_id=visitor.user_id,
                session_id=visitor.session_id,
                factor_at=visitor.factor_at,
                email=form.cleaned_data["email"],
                password=form.cleaned_data.get("password", ""),
                origin=origin_of(request),
                now=timezone.now(),
            )
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return HttpResponseRedirect(request.path + "?sent=1")
    context = {
        "form": form,
        "email": get_user(user_id=visitor.user_id).email,
        "pending": find_pending_email(user_id=visitor.user_id, now=timezone.now()),
        "is_sent": request.GET.get("sent") == "1",
    }
    return answer_page(request, "account_email", context, status=status)


@signed_in_page
@_FORM_METHODS
def leave_page(request: HttpRequest, visitor: Principal, firm_id: UUID) -> HttpResponse:
    """Leave a firm, after saying so once more."""
    access = find_firm_access(user_id=visitor.user_id, firm_public_id=firm_id)
    mine = {each.firm.public_id: each.firm.name for each in list_memberships(user_id=visitor.user_id)}
    if access is None or firm_id not in mine:
        return HttpResponseRedirect(reverse("account"))
    form, status = Form({}), 200
    if request.method == "POST":
        try:
            leave_firm(firm_id=access.firm_id, membership_id=access.membership_id, now=timezone.now())
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            return answer_message(
                request,
                title=f"You left {mine[firm_id]}",
                text="Its owners and admins were told. If you change your mind, they can invite you again.",
                link=reverse("account"),
                label="Your account",
            )
    context = {
        "form": form,
        "title": f"Leave {mine[firm_id]}?",
        "lead": "You no longer see its numbers, and API keys you made for it stop working. Your account stays.",
        "button": "Leave the firm",
        "link": reverse("account"),
        "label": "Back to your account",
    }
    return answer_page(request, "form", context, status=status)


@sensitive_post_parameters("password")
@signed_in_page
@_FORM_METHODS
def delete_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """Close the account and have it deleted."""
    asks_password = not get_factor_state(user_id=visitor.user_id).has_any
    if not asks_password and not is_fresh(visitor.factor_at, timezone.now()):
        return HttpResponseRedirect(way_through("account-confirm", request.path))
    form, status, alone = SureForm(request.POST or None), 200, []
    if not asks_password:
        del form.fields["password"]
    if request.method == "POST" and form.is_valid():
        try:
            deletion = request_account_deletion(
                user_id=visitor.user_id,
                factor_at=visitor.factor_at,
                password=form.cleaned_data.get("password", ""),
                origin=origin_of(request),
                now=timezone.now(),
            )
        except SoleOwner as error:
            status, alone = put_into_form(form, error), error.extras["firms"]
        except DomainError as error:
            status = put_into_form(form, error)
        else:
            leave(request)
            day = f"{deletion.delete_at:%B} {deletion.delete_at.day}, {deletion.delete_at.year}"
            return answer_message(
                request,
                title="Your account is closed",
                text=f"It is deleted on {day}. If you change your mind before, the link in our email keeps it.",
            )
    context = {"form": form, "days": KEPT.days, "alone": alone, "firms": list_memberships(user_id=visitor.user_id)}
    return answer_page(request, "account_delete", context, status=status)


def _withdraw(visitor: Principal) -> HttpResponse:
    with suppress(NoEmailChange):  # it is over already, which is what was wanted
        withdraw_email_change(user_id=visitor.user_id, now=timezone.now())
    return HttpResponseRedirect(reverse("account"))
