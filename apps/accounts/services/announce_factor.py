"""Tell a person that the locks of their account changed."""

from datetime import datetime

from apps.accounts.contracts import Origin
from apps.accounts.models import User
from apps.accounts.rules.devices import name_device
from apps.accounts.services.mailed_links import address_of
from apps.core import audit
from apps.notifications.interface import notify


def announce_factor_added(*, user_id: int, factor: str, origin: Origin, now: datetime) -> None:
    """Say that a second factor was added. factor: in words. Call it inside the person's transaction."""
    _announce("second_factor_added", user_id, origin, now, {"factor": factor})


def announce_factor_removed(*, user_id: int, factor: str, origin: Origin, now: datetime) -> None:
    """Say that a second factor was removed. Call it inside the person's transaction."""
    _announce("second_factor_removed", user_id, origin, now, {"factor": factor})


def announce_codes_renewed(*, user_id: int, origin: Origin, now: datetime) -> None:
    """Say that the recovery codes were made anew. Call it inside the person's transaction."""
    _announce("recovery_codes_renewed", user_id, origin, now, {})


def _announce(fact: str, user_id: int, origin: Origin, now: datetime, words: dict[str, str]) -> None:
    context = {
        "name": User.objects.values_list("name", flat=True).get(pk=user_id),
        "changed_at": now.isoformat(),
        "device": name_device(origin.user_agent),
        "address": address_of("/account/sessions"),
        **words,
    }
    notify(recipient=user_id, kind=f"accounts.{fact}", context=context)
    audit.record(f"accounts.{fact}", user_id=user_id, ip=origin.ip, what=words.get("factor", ""))
