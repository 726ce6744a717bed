"""Keep what a person wants to hear: all of it at once, and what follows for messages that wait."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel, Choice
from apps.notifications.errors import PreferencesRefused, UnknownKind
from apps.notifications.models import Preference
from apps.notifications.rules.catalogue import Kind, get_kind
from apps.notifications.rules.choices import choices_for
from apps.notifications.services.release_held import release_held
from apps.notifications.services.schedule_digest import schedule_digest


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of the matrix as the person wants it. choice: None for "as it comes"."""

    kind: str
    channel: str
    choice: str | None


def set_preferences(*, user_id: int, changes: Sequence[Change], now: datetime, replace: bool = False) -> None:
    """Apply all changes or none. replace: what is not named returns to its default. The last of two for a cell counts.

    Messages that wait are judged again by the new choices. Raises PreferencesRefused naming every fault by its place.
    """
    faults = tuple(fault for place, change in enumerate(changes) for fault in _faults(f"/changes/{place}", change))
    if faults:
        raise PreferencesRefused("Nothing was changed.", faults=faults)
    wanted = {(change.kind, change.channel): change.choice for change in changes}
    with acting_as(user_id):
        if replace:
            Preference.objects.filter(user_id=user_id).delete()
        _write(user_id, wanted)
        schedule_digest(user_id=user_id, now=now)
        release_held(user_id=user_id)


def _write(user_id: int, wanted: Mapping[tuple[str, str], str | None]) -> None:
    for (kind, channel), choice in sorted(wanted.items()):
        cell: dict[str, Any] = {"user_id": user_id, "kind": kind, "channel": channel}
        if choice is None:
            Preference.objects.filter(**cell).delete()
        else:
            Preference.objects.update_or_create(**cell, defaults={"choice": choice})


def _faults(place: str, change: Change) -> Iterator[FieldFault]:
    try:
        kind = get_kind(change.kind)
    except UnknownKind:
        yield FieldFault(f"{place}/kind", "There is no such kind of message.", "unknown_kind")
        return
    if change.channel not in kind.channels:
        names = ", ".join(kind.channels)
        yield FieldFault(f"{place}/channel", f"“{kind.label}” travels by {names}.", "unknown_channel")
    elif change.choice is not None:
        yield from _faulty_choice(f"{place}/choice", kind, Channel(change.channel), change.choice)


def _faulty_choice(pointer: str, kind: Kind, channel: Channel, choice: str) -> Iterator[FieldFault]:
    offered = choices_for(kind, channel)
    if choice in offered:
        return
    if offered == (Choice.ON,):
        yield FieldFault(pointer, f"“{kind.label}” is always sent and cannot be turned off.", "not_refusable")
    else:
        yield FieldFault(pointer, f"Choose one of: {', '.join(offered)}.", "not_offered")
