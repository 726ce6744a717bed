"""Prove the second factor again, for the sensitive acts of the next ten minutes."""

from datetime import datetime

from apps.accounts.contracts import Origin
from apps.accounts.errors import FactorMissing
from apps.accounts.models import SentCode, Session
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.services.prove_factor import prove_factor
from apps.accounts.services.send_code import send_code
from apps.core import audit
from apps.core.tenancy import acting_as


def step_up(*, user_id: int, session_id: int, method: str, code: str, origin: Origin, now: datetime) -> None:
    """Mark the session as freshly proved. Raises FactorMissing, CodeRefused, SignInLocked."""
    if not get_factor_state(user_id=user_id).has_any:
        raise FactorMissing("Set up a second step first.")
    prove_factor(user_id=user_id, method=method, code=code, purpose=SentCode.Purpose.STEP_UP, origin=origin, now=now)
    mark_proved(user_id=user_id, session_id=session_id, method=method, now=now)


def send_step_up_code(*, user_id: int, origin: Origin, now: datetime) -> None:
    """Text a code for it. Raises FactorMissing, TextsExhausted."""
    send_code(user_id=user_id, purpose=SentCode.Purpose.STEP_UP, origin=origin, now=now)


def mark_proved(*, user_id: int, session_id: int, method: str, now: datetime) -> None:
    """Note on the session how and when a second factor was proved in it."""
    with acting_as(user_id):
        session = Session.objects.select_for_update().get(pk=session_id, user_id=user_id)
        session.factor_at = now
        session.methods = list(dict.fromkeys([*session.methods, method]))
        session.save(update_fields=["factor_at", "methods"])
        audit.record("accounts.stepped_up", user_id=user_id, target=f"session:{session_id}", method=method)
