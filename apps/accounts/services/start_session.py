"""Open a session for a person who has proved who they are."""

from datetime import datetime
from uuid import uuid4

from apps.accounts.contracts import Origin, TokenPair
from apps.accounts.models import Session, User
from apps.accounts.rules.devices import name_device
from apps.accounts.rules.methods import FACTORS
from apps.accounts.services import tokens
from apps.accounts.services.mailed_links import address_of
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def start_session(
    *, user_id: int, origin: Origin, now: datetime, methods: tuple[str, ...] = ("password",)
) -> TokenPair:
    """Create the session's row and return its first pair of tokens.

    methods: how the person proved who they are (rules/methods.py). A session is always a new row with new tokens:
    nothing that was known before the proof opens it. Tells the person of a device not seen before.
    """
    expires_at, device = tokens.session_end(now), name_device(origin.user_agent)
    with acting_as(user_id):
        seen = set(Session.objects.filter(user_id=user_id).values_list("device", flat=True).distinct())
        session = Session.objects.create(
            user_id=user_id,
            token_hash=tokens.digest_of(uuid4().hex),
            rotated_at=now,
            last_used_at=now,
            expires_at=expires_at,
            ip=origin.ip,
            user_agent=origin.user_agent[:300],
            device=device,
            place=origin.place_name[:120],
            methods=list(methods),
            factor_at=now if set(methods) & set(FACTORS) else None,
        )
        refresh = tokens.make_refresh(user_id=user_id, session_id=session.pk, expires_at=expires_at, now=now)
        session.token_hash = tokens.digest_of(refresh["jti"])
        session.save(update_fields=["token_hash"])
        if seen and device not in seen:
            _tell(user_id, device, origin, now)
    access = tokens.make_access(user_id=user_id, session_id=session.pk, now=now)
    return TokenPair(access=access, refresh=str(refresh), session_id=session.pk)


def _tell(user_id: int, device: str, origin: Origin, now: datetime) -> None:
    context = {
        "name": User.objects.values_list("name", flat=True).get(pk=user_id),
        "device": device,
        "place": origin.place_name,
        "signed_in_at": now.isoformat(),
        "address": address_of("/account/sessions"),
    }
    notify(recipient=user_id, kind="accounts.new_device", context=context)
