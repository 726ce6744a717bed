"""Staff's own words: written as a draft, put into use, taken out of use again. Nothing written is ever changed."""

from collections.abc import Mapping

from django.db import IntegrityError
from django.db.models import Max
from django.db.models.functions import Now

from apps.core.errors import NotFound
from apps.core.staff import staff_view
from apps.notifications.contracts import Channel
from apps.notifications.errors import UnknownKind, WordingChanged, WordingRefused
from apps.notifications.models import WordingVersion
from apps.notifications.queries.wording import get_wording
from apps.notifications.rendering.judge import judge_wording
from apps.notifications.rules.catalogue import Kind, get_kind

State = WordingVersion.State


def draft_wording(*, kind: str, channel: Channel, parts: Mapping[str, str], note: str, staff_id: int) -> int:
    """Keep new words as a draft; return their version. Nobody gets them until they are approved.

    note: why, one line. Raises NotFound, WordingRefused naming everything wrong, WordingChanged if somebody was faster.
    """
    chosen = _kind_of(kind, channel)
    if not note.strip():
        raise WordingRefused("Say in a line why the words change.")
    wording = judge_wording(chosen, channel, parts)
    versions = WordingVersion.objects.filter(kind=kind, channel=channel)
    try:
        with staff_view(staff_id, "wording drafted", target=f"{kind}/{channel}"):
            version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
            WordingVersion.objects.create(
                kind=kind,
                channel=channel,
                version=version,
                parts=dict(wording.parts),
                note=" ".join(note.split())[:200],
                author_id=staff_id,
            )
    except IntegrityError as error:
        raise WordingChanged("Somebody else saved a version just now. Look at it, then save again.") from error
    return version


def approve_wording(*, kind: str, channel: Channel, version: int, staff_id: int) -> None:
    """Put a version into use from the next message on: a draft, or an older version to go back to.

    The one in use until now is retired. Raises NotFound, WordingRefused if the kind has moved on since it was written,
    WordingChanged if somebody was faster.
    """
    chosen = _kind_of(kind, channel)
    wording = get_wording(kind, channel, version)
    if wording is None:
        raise NotFound("There is no such version.")
    judge_wording(chosen, channel, wording.parts)
    versions = WordingVersion.objects.filter(kind=kind, channel=channel)
    try:
        with staff_view(staff_id, "wording approved", target=f"{kind}/{channel}/{version}"):
            versions.filter(state=State.APPROVED).exclude(version=version).update(state=State.RETIRED, retired_at=Now())
            versions.filter(version=version).update(
                state=State.APPROVED, approver_id=staff_id, approved_at=Now(), retired_at=None
            )
    except IntegrityError as error:
        raise WordingChanged("Somebody else put a version into use just now. Look at it first.") from error


def withdraw_wording(*, kind: str, channel: Channel, staff_id: int) -> int:
    """Take staff's words out of use, so that the file's are used again; return the version that was in use.

    Raises NotFound if there was none.
    """
    _kind_of(kind, channel)
    in_use = WordingVersion.objects.filter(kind=kind, channel=channel, state=State.APPROVED)
    with staff_view(staff_id, "wording withdrawn", target=f"{kind}/{channel}"):
        version = in_use.values_list("version", flat=True).first()
        if version is None:
            raise NotFound("The words of the file are in use already.")
        in_use.update(state=State.RETIRED, retired_at=Now())
    return version


def _kind_of(kind: str, channel: Channel) -> Kind:
    try:
        chosen = get_kind(kind)
    except UnknownKind as error:
        raise NotFound(f"There is no kind {kind}.") from error
    if channel not in chosen.channels:
        raise NotFound(f"{chosen.label} is not sent by {channel.value}.")
    return chosen
