"""The words staff put into use, and every version there is."""

from collections.abc import Iterable

from apps.notifications.contracts import Channel, Wording, WordingState, WordingSummary
from apps.notifications.models import WordingVersion


def find_approved_wording(kind: str, channel: Channel) -> Wording | None:
    """Return staff's words in use, or None where the file's are."""
    row = WordingVersion.objects.filter(kind=kind, channel=channel, state=WordingVersion.State.APPROVED).first()
    return _wording(row) if row else None


def list_approved_wording(channel: Channel, kinds: Iterable[str]) -> dict[str, Wording]:
    """Return staff's words in use on a channel by kind, in one query: for lists of many messages."""
    rows = WordingVersion.objects.filter(kind__in=set(kinds), channel=channel, state=WordingVersion.State.APPROVED)
    return {row.kind: _wording(row) for row in rows}


def list_all_approved_wording() -> dict[tuple[str, str], Wording]:
    """Return all of staff's words in use by kind and channel, for the overview."""
    rows = WordingVersion.objects.filter(state=WordingVersion.State.APPROVED)
    return {(row.kind, row.channel): _wording(row) for row in rows}


def get_wording(kind: str, channel: Channel, version: int) -> Wording | None:
    """Return one version's words, or None."""
    row = WordingVersion.objects.filter(kind=kind, channel=channel, version=version).first()
    return _wording(row) if row else None


def list_versions(kind: str, channel: Channel) -> list[WordingSummary]:
    """Return every version, the newest first."""
    rows = WordingVersion.objects.filter(kind=kind, channel=channel).order_by("-version")
    return [_summary(row) for row in rows]


def list_latest_versions() -> dict[tuple[str, str], list[WordingSummary]]:
    """Return all versions by kind and channel, the newest first, for the overview."""
    found: dict[tuple[str, str], list[WordingSummary]] = {}
    for row in WordingVersion.objects.order_by("kind", "channel", "-version"):
        found.setdefault((row.kind, row.channel), []).append(_summary(row))
    return found


def _wording(row: WordingVersion) -> Wording:
    return Wording(row.kind, Channel(row.channel), row.parts, row.version)


def _summary(row: WordingVersion) -> WordingSummary:
    return WordingSummary(
        version=row.version,
        state=WordingState(row.state),
        note=row.note,
        author_id=row.author_id,
        approver_id=row.approver_id,
        created_at=row.created_at,
        approved_at=row.approved_at,
    )
