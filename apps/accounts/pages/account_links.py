"""Pages behind links mailed about an account: agree to a new address, stop what is under way, keep the account.

Opening a link changes nothing; its button does. Nobody need be signed in: the link is the key.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.contracts import Stoppable
from apps.accounts.errors import AddressTakenMeanwhile, LinkRefused
from apps.accounts.pages.answer import answer_message, answer_page
from apps.accounts.services.confirm_email_change import (
    EmailAgreement,
    confirm_email_change,
    find_email_confirmation,
)
from apps.accounts.services.keep_account import find_keeping, keep_account
from apps.accounts.services.stop_by_link import find_stoppable, stop_by_link

_OF_A_COLLEAGUE = (
    "They, or somebody who knows their password, asked us to take the second step off their account. Ask them in "
    "person or by phone. Stop it if they know nothing of it."
)
_FORM_METHODS = require_http_methods(["GET", "POST"])


@never_cache
@_FORM_METHODS
def email_confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """Agree to a change of address, from the new mailbox or from the old one."""
    try:
        if request.method == "POST":
            return _agreed(request, confirm_email_change(token=token, now=timezone.now()))
        agreement = find_email_confirmation(token=token, now=timezone.now())
    except LinkRefused:
        return _no_such_link(request)
    except AddressTakenMeanwhile as error:
        said = {"title": error.title, "text": error.detail, "link": reverse("account-email"), "label": "Ask again"}
        return answer_page(request, "message", said, status=409)
    lead = (
        f"Press the button to confirm that {agreement.new_email} is yours and is to be the address of your account."
        if agreement.is_from_new
        else f"Press the button to agree that the address of your account becomes {agreement.new_email}."
    )
    title = "Confirm the change of email address"
    context = {"form": None, "title": title, "lead": lead, "button": "Confirm the change"}
    return answer_page(request, "form", context)


@never_cache
@_FORM_METHODS
def stop_page(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a change of address, or a reset of a second step: one's own or, as an owner, a colleague's."""
    try:
        if request.method == "POST":
            return _stopped(request, stop_by_link(token=token, now=timezone.now()))
        stoppable = find_stoppable(token=token, now=timezone.now())
    except LinkRefused:
        return _no_such_link(request)
    title, lead, button = _question(stoppable)
    context = {
        "form": None,
        "title": title,
        "lead": lead,
        "button": button,
        "link": reverse("account"),
        "label": "Leave it as it is",
    }
    return answer_page(request, "form", context)


@never_cache
@_FORM_METHODS
def keep_page(request: HttpRequest, token: str) -> HttpResponse:
    """Keep an account that was going to be deleted."""
    try:
        if request.method == "POST":
            keep_account(token=token, now=timezone.now())
            return answer_message(
                request,
                title="Your account is yours again",
                text="Sign in as you always did. Firms you belonged to can invite you again.",
                link=reverse("sign-in"),
                label="Sign in",
            )
        day = find_keeping(token=token, now=timezone.now())
    except LinkRefused:
        return _no_such_link(request)
    context = {
        "form": None,
        "title": "Keep your account",
        "lead": f"It would be deleted on {day:%B} {day.day}, {day.year}. Press the button to keep it.",
        "button": "Keep my account",
    }
    return answer_page(request, "form", context)


def _agreed(request: HttpRequest, agreement: EmailAgreement) -> HttpResponse:
    if agreement.is_done:
        return answer_message(
            request,
            title="Your email address is changed",
            text="From now on you sign in with the new one. You were signed out on your other devices.",
            link=reverse("account"),
            label="Your account",
        )
    other = "old" if agreement.is_from_new else "new"
    return answer_message(
        request,
        title="Thank you. One more email",
        text=f"Now open the link in our email to the {other} address. The change happens once both are confirmed.",
    )


def _question(stoppable: Stoppable) -> tuple[str, str, str]:
    if stoppable.what == "email_change":
        return (
            "Stop the change of email address?",
            "Somebody signed in to your account asked for another email address. Stopped, everything stays as it is.",
            "Stop the change",
        )
    if stoppable.person:
        return (
            f"Stop the reset for {stoppable.person}?",
            _OF_A_COLLEAGUE,
            "Stop the reset",
        )
    return (
        "Stop the reset of your second step?",
        "Somebody who knows your password asked us to take the second step off your account. Stopped, it stays.",
        "Stop the reset",
    )


def _stopped(request: HttpRequest, stopped: Stoppable) -> HttpResponse:
    if stopped.person:
        return answer_message(
            request, title="The reset is stopped", text=f"{stopped.person} was told. Their account is as it was."
        )
    what = "change" if stopped.what == "email_change" else "reset"
    return answer_message(
        request,
        title=f"The {what} is stopped",
        text="Your account is as it was. If it was not you who asked, choose a new password now.",
        link=reverse("forgot"),
        label="Choose a new password",
    )


def _no_such_link(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "This link no longer works",
        "text": "It was used, what it belongs to is over, or it is too old. Nothing was changed.",
        "link": reverse("sign-in"),
        "label": "Sign in",
    }
    return answer_page(request, "message", context, status=400)
