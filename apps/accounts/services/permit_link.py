"""Let a person link an outside log-in: whoever could do that could come back at any time."""

from datetime import datetime

from apps.accounts.queries.sessions import find_open_session
from apps.accounts.services.confirm_identity import confirm_identity
from apps.accounts.services.sealed_notes import open_note, seal_note
from apps.core.errors import StepUpNeeded

_KIND = "link_permit"
LINK_PERMIT = "link_permit"


def permit_link(*, user_id: int, session_id: int, factor_at: datetime | None, password: str, now: datetime) -> str:
    """Return a note, for the browser's session, that this person may link a log-in within ten minutes.

    Raises StepUpNeeded, PasswordWrong, NoPassword, SignInLocked (confirm_identity).
    """
    confirm_identity(user_id=user_id, factor_at=factor_at, password=password, now=now)
    return seal_note(_KIND, {"user_id": user_id, "session_id": session_id}, now=now)


def read_permit(sealed: str, *, now: datetime) -> tuple[int, int]:
    """Return who may link, and in which session. Raises StepUpNeeded when nobody may, or the session has ended."""
    values = open_note(_KIND, sealed, now=now)
    if values is None:
        raise StepUpNeeded("Begin again on the page of how you sign in.")
    user_id, session_id = int(values["user_id"]), int(values["session_id"])
    if find_open_session(user_id=user_id, session_id=session_id, now=now) is None:
        raise StepUpNeeded("You were signed out meanwhile.")
    return user_id, session_id
