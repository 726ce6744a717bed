"""Sessions: whose token is this, and what a person has open."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from apps.accounts.contracts import OpenSession
from apps.accounts.models import Session
from apps.accounts.rules.methods import is_two_factor
from apps.core.tenancy import acting_as


@dataclass(frozen=True, slots=True)
class SessionStanding:
    """What authentication needs to know of an open session."""

    is_two_factor: bool
    factor_at: datetime | None


def find_open_session(*, user_id: int, session_id: int, now: datetime) -> SessionStanding | None:
    """Return the session if it is the person's, runs, and the person's account is active. One query, one round trip."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT factor_at, methods FROM resolve_session(%s, %s, %s)", [session_id, user_id, now])
        row: tuple[datetime | None, list[str]] | None = cursor.fetchone()
    return None if row is None else SessionStanding(is_two_factor(row[1]), row[0])


def list_open_sessions(*, user_id: int, current_id: int | None, now: datetime) -> list[OpenSession]:
    """Return a person's open sessions, the one last used first."""
    with acting_as(user_id, read_only=True):
        sessions = Session.objects.filter(user_id=user_id, revoked_at__isnull=True, expires_at__gt=now)
        return [
            OpenSession(
                public_id=session.public_id,
                device=session.device,
                place=session.place,
                ip=session.ip,
                created_at=session.created_at,
                last_used_at=session.last_used_at,
                expires_at=session.expires_at,
                is_current=session.pk == current_id,
                is_two_factor=is_two_factor(session.methods),
            )
            for session in sessions.order_by("-last_used_at", "-id")
        ]
