"""A firm's people on pages: who belongs to it and what they see, who was invited; change, pause, remove."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from apps.accounts.contracts import Place
from apps.accounts.errors import MemberNotFound
from apps.accounts.pages.answer import put_into_form, sentence_of
from apps.accounts.pages.firm_forms import InviteForm, PlaceForm, SuspendForm, form_of_place
from apps.accounts.pages.notices import notice_of, with_notice
from apps.accounts.queries.firms import get_firm_profile
from apps.accounts.queries.members import get_member, list_invitations, list_members, place_of
from apps.accounts.services.change_member import change_member
from apps.accounts.services.end_membership import remove_member
from apps.accounts.services.invite_person import invite_person, resend_invitation, revoke_invitation
from apps.accounts.services.suspend_member import restore_member, suspend_member
from apps.accounts.services.update_firm import update_firm
from apps.core.access import ADMINISTRATORS
from apps.core.client_address import client_ip
from apps.core.errors import DomainError
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.problems import status_of
from apps.core.scope import Role
from apps.core.tenancy import tenant


@firm_page
def people_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """List the firm's people and open invitations; invite, send again, take back."""
    form, problem, status = InviteForm(), "", 200
    if request.method == "POST":
        form = InviteForm(request.POST) if _act(request) == "invite" else form
        try:
            done = _run(request, visit, form)
        except DomainError as error:
            status = status_of(error)
            if form.is_bound:
                put_into_form(form, error)
            else:
                problem = sentence_of(error)
        else:
            if done:
                return HttpResponseRedirect(with_notice(visit.address("people-page"), done))
            status = 400
    with tenant(visit.firm_id, read_only=True):
        context = {
            "members": list_members(scope=visit.access.scope),
            "invitations": list_invitations(scope=visit.access.scope) if _is_admin(visit) else (),
            "is_admin": _is_admin(visit),
            "is_owner": visit.access.role is Role.OWNER,
            "own_work_includes_matters": get_firm_profile(firm_id=visit.firm_id).own_work_includes_matters,
            "form": form,
            "problem": problem,
            "notice": notice_of(request),
            "now": timezone.now(),
        }
        return answer_in_frame(request, visit, "accounts/pages/people.html", context, status=status)


@firm_page
def member_page(request: HttpRequest, visit: FirmVisit, membership_id: int) -> HttpResponse:
    """Show one member; change their place, pause or restore their access, end their membership."""
    form: Form | None = None
    status = 200
    if request.method == "POST":
        form = PlaceForm(request.POST) if _act(request) == "change" else SuspendForm(request.POST)
        try:
            if form.is_valid():
                done = _run_on_member(request, visit, membership_id, form)
                back = "people-page" if done == "removed" else "member-page"
                values = {} if done == "removed" else {"membership_id": membership_id}
                return HttpResponseRedirect(with_notice(visit.address(back, **values), done))
            status = 400
        except MemberNotFound:
            return _no_such_member(request, visit)
        except DomainError as error:
            status = put_into_form(form, error)
    try:
        with tenant(visit.firm_id, read_only=True):
            member = get_member(scope=visit.access.scope, membership_id=membership_id)
    except MemberNotFound:
        return _no_such_member(request, visit)
    context = {
        "member": member,
        "form": form if isinstance(form, PlaceForm) else form_of_place(place_of(member)),
        "suspend_form": form if isinstance(form, SuspendForm) else SuspendForm(),
        "is_self": member.user_id == visit.user_id,
        "notice": notice_of(request),
    }
    return answer_in_frame(request, visit, "accounts/pages/member.html", context, status=status)


def _act(request: HttpRequest) -> str:
    return request.POST.get("act", "")


def _is_admin(visit: FirmVisit) -> bool:
    return visit.access.role in ADMINISTRATORS


def _run(request: HttpRequest, visit: FirmVisit, form: InviteForm) -> str:
    """Do what a button of the list asks for; return which notice says so, nothing when the form is faulty."""
    now = timezone.now()
    if _act(request) == "invite":
        if not form.is_valid():
            return ""
        invite_person(
            firm_id=visit.firm_id,
            actor_id=visit.user_id,
            email=form.cleaned_data["email"],
            place=Place(**form.place_fields()),
            now=now,
        )
        return "invited"
    if _act(request) == "own-work":
        return _set_own_work(request, visit)
    act = {"resend": resend_invitation, "revoke": revoke_invitation}.get(_act(request))
    number = request.POST.get("invitation", "")
    if act is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        return ""
    act(firm_id=visit.firm_id, invitation_id=int(number), actor_id=visit.user_id, now=now)
    return "sent-again" if _act(request) == "resend" else "taken-back"


def _set_own_work(request: HttpRequest, visit: FirmVisit) -> str:
    """Let those who see their own work see their matters too, or no longer; nothing when the form is faulty."""
    wanted = {"yes": True, "no": False}.get(request.POST.get("includes_matters", ""))
    if wanted is None:
        return ""
    update_firm(
        firm_id=visit.firm_id,
        actor_id=visit.user_id,
        changes={"own_work_includes_matters": wanted},
        ip=client_ip(request),
    )
    return "own-work-set"


def _run_on_member(request: HttpRequest, visit: FirmVisit, membership_id: int, form: Form) -> str:
    who = {"firm_id": visit.firm_id, "membership_id": membership_id, "actor_id": visit.user_id}
    match _act(request):
        case "change" if isinstance(form, PlaceForm):
            change_member(**who, changes=form.place_fields())
            return "changed"
        case "suspend":
            suspend_member(**who, reason=form.cleaned_data["reason"])
            return "paused"
        case "restore":
            restore_member(**who)
            return "restored"
        case "remove":
            remove_member(**who, now=timezone.now())
            return "removed"
    return ""


def _no_such_member(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    said = {
        "title": "No such member",
        "text": "The firm has no such member, or no longer.",
        "link": visit.address("people-page"),
        "label": "The firm's people",
    }
    return answer_in_frame(request, visit, "accounts/pages/said.html", said, status=404)
