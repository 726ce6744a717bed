"""Prove the second factor again, or the password where there is none, for the sensitive acts of ten minutes."""

from datetime import datetime

from apps.accounts.contracts import Origin
from apps.accounts.errors import FactorMissing
from apps.accounts.models import SentCode, Session
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.rules.methods import FACTORS, PASSWORD
from apps.accounts.services.prove_factor import prove_factor
from apps.accounts.services.send_code import send_code
from apps.accounts.services.verify_credentials import verify_own_password
from apps.core import audit
from apps.core.errors import StepUpNeeded
from apps.core.tenancy import acting_as


def step_up(*, user_id: int, session_id: int, method: str, code: str, origin: Origin, now: datetime) -> None:
    """Mark the session as freshly proved.

    method: of rules/methods.py; `password`, with the password as code, only of a person who has no second factor and
    need not have one. Raises FactorMissing, StepUpNeeded, CodeRefused, PasswordWrong, SignInLocked.
    """
    if method == PASSWORD:
        _prove_by_password(user_id, session_id, code, now)
        return
    if not get_factor_state(user_id=user_id).has_any:
        raise FactorMissing("Set up a second step first.")
    prove_factor(user_id=user_id, method=method, code=code, purpose=SentCode.Purpose.STEP_UP, origin=origin, now=now)
    mark_proved(user_id=user_id, session_id=session_id, method=method, now=now)


def _prove_by_password(user_id: int, session_id: int, password: str, now: datetime) -> None:
    state = get_factor_state(user_id=user_id)
    if state.has_any:
        raise StepUpNeeded("Prove it by your second step, not by the password.")
    if state.is_required:
        raise FactorMissing("Set up a second step first: your firm, or your work as a consultant, requires it.")
    verify_own_password(user_id=user_id, password=password, now=now)
    mark_proved(user_id=user_id, session_id=session_id, method=PASSWORD, now=now)


def send_step_up_code(*, user_id: int, origin: Origin, now: datetime) -> None:
    """Text a code for it. Raises FactorMissing, TextsExhausted."""
    send_code(user_id=user_id, purpose=SentCode.Purpose.STEP_UP, origin=origin, now=now)


def mark_proved(*, user_id: int, session_id: int, method: str, now: datetime) -> None:
    """Note on the session how and when the person proved in it who they are; a factor proved counts for it alone."""
    with acting_as(user_id):
        session = Session.objects.select_for_update().get(pk=session_id, user_id=user_id)
        session.factor_at = now
        session.methods = list(dict.fromkeys([*session.methods, method]))
        session.save(update_fields=["factor_at", "methods"])
        if method in FACTORS:  # what a password alone proved elsewhere, before there was a factor, is proved no more
            mine = Session.objects.filter(user_id=user_id, factor_at__isnull=False)
            mine.exclude(methods__overlap=list(FACTORS)).update(factor_at=None)
        audit.record("accounts.stepped_up", user_id=user_id, target=f"session:{session_id}", method=method)
