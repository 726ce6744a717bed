"""Find the firm an operator means."""

from uuid import UUID

from django.core.management.base import CommandError

from apps.accounts import interface as accounts

NO_SUCH_FIRM = 2


def find_firm(text: str) -> int:
    """Return the id of a firm named by its public id, or by the address of a member of no other firm."""
    if "@" in text:
        return _find_firm_of_member(text)
    try:
        firm_id = accounts.find_firm_id(public_id=UUID(text))
    except ValueError as error:
        raise CommandError(f"{text!r} is neither an id nor an email.", returncode=NO_SUCH_FIRM) from error
    if firm_id is None:
        raise CommandError(f"There is no firm {text}.", returncode=NO_SUCH_FIRM)
    return firm_id


def _find_firm_of_member(email: str) -> int:
    user_id = accounts.find_user_id(email=email)
    firms = [] if user_id is None else [each.firm for each in accounts.list_memberships(user_id=user_id)]
    if len(firms) == 1:
        return firms[0].firm_id
    listed = ", ".join(f"{firm.name} ({firm.public_id})" for firm in firms)
    reason = f"{email} belongs to several firms; name one: {listed}." if firms else f"{email} belongs to no firm."
    raise CommandError(reason, returncode=NO_SUCH_FIRM)
