"""The one mailed link that stops what is under way with an account: a change of address, or a reset of factors."""

from datetime import datetime

from apps.accounts.contracts import Stoppable
from apps.accounts.models import MailedToken, User
from apps.accounts.services.mailed_links import Link, find_link
from apps.accounts.services.stop_email_change import stop_by_mailed_link
from apps.accounts.services.stop_factor_reset import stop_reset_by_mailed_link

_STOPS = (MailedToken.Purpose.STOP_EMAIL_CHANGE, MailedToken.Purpose.STOP_FACTOR_RESET)


def find_stoppable(*, token: str, now: datetime) -> Stoppable:
    """Return what a link would stop, and stop nothing. Raises LinkRefused."""
    return _stoppable(find_link(token=token, purpose=_STOPS, now=now))


def stop_by_link(*, token: str, now: datetime) -> Stoppable:
    """Stop it. Raises LinkRefused, also when it is over already."""
    link = find_link(token=token, purpose=_STOPS, now=now)
    if link.purpose == MailedToken.Purpose.STOP_EMAIL_CHANGE:
        stop_by_mailed_link(link, now=now)
    else:
        stop_reset_by_mailed_link(link, now=now)
    return _stoppable(link)


def _stoppable(link: Link) -> Stoppable:
    if link.purpose == MailedToken.Purpose.STOP_EMAIL_CHANGE:
        return Stoppable("email_change", "")
    person_id = int(link.details["person_id"])
    if person_id == link.user_id:
        return Stoppable("factor_reset", "")
    return Stoppable("factor_reset", User.objects.values_list("name", flat=True).get(pk=person_id))
