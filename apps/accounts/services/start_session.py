"""Open a session for a person who has proved who they are."""

from datetime import datetime
from uuid import uuid4

from apps.accounts.contracts import Origin, TokenPair
from apps.accounts.models import Session
from apps.accounts.services import tokens
from apps.core.tenancy import acting_as


def start_session(*, user_id: int, origin: Origin, now: datetime) -> TokenPair:
    """Create the session's row and return its first pair of tokens."""
    expires_at = tokens.session_end(now)
    with acting_as(user_id):
        session = Session.objects.create(
            user_id=user_id,
            token_hash=tokens.digest_of(uuid4().hex),
            rotated_at=now,
            expires_at=expires_at,
            ip=origin.ip,
            user_agent=origin.user_agent[:300],
        )
        refresh = tokens.make_refresh(user_id=user_id, session_id=session.pk, expires_at=expires_at, now=now)
        session.token_hash = tokens.digest_of(refresh["jti"])
        session.save(update_fields=["token_hash"])
    access = tokens.make_access(user_id=user_id, session_id=session.pk, now=now)
    return TokenPair(access=access, refresh=str(refresh), session_id=session.pk)
