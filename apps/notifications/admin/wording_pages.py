"""What the pages of staff's wording show."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from apps.notifications.contracts import (
    Channel,
    RenderedMail,
    Wording,
    WordingState,
    WordingSummary,
)
from apps.notifications.errors import WordingRefused
from apps.notifications.queries.wording import (
    find_approved_wording,
    get_wording,
    list_all_approved_wording,
    list_latest_versions,
    list_versions,
)
from apps.notifications.rendering.compose import names_always_there
from apps.notifications.rendering.difference import compare
from apps.notifications.rendering.faces import in_dark, in_light
from apps.notifications.rendering.judge import essential_names, judge_wording
from apps.notifications.rendering.samples import render_sample
from apps.notifications.rendering.sources import MAY_BE_EMPTY, PARTS, file_wording
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.rules.kinds.kind import Kind

_LABELS = {
    "subject": "Subject",
    "preheader": "Preview line",
    "reason": "Why they get it",
    "title": "Title",
    "link": "Leads to",
    "body": "Text",
}
_CHANNELS = {Channel.EMAIL: "Email", Channel.SMS: "Text message", Channel.IN_APP: "Inbox"}


def overview_rows() -> list[dict[str, Any]]:
    """Return one row per kind: its facts, and for each channel whose words are in use."""
    versions, in_use = list_latest_versions(), list_all_approved_wording()
    return [
        {
            "kind": kind,
            "category": kind.category.value,
            "channels": [
                _overview_cell(kind, channel, versions.get((kind.key, channel.value), []), in_use)
                for channel in kind.channels
            ],
        }
        for kind in KINDS
    ]


def words_page(kind: Kind, channel: Channel, *, typed: Mapping[str, str] | None, version: int | None) -> dict[str, Any]:
    """Return the page of a kind's words: what was typed, else the named version, else those in use."""
    staffs = find_approved_wording(kind.key, channel)
    shown = get_wording(kind.key, channel, version) if version else staffs
    words = shown or file_wording(kind, channel)
    parts = typed_parts(typed, channel) if typed is not None else dict(words.parts)
    return {
        "kind": kind,
        "category": kind.category.value,
        "channel": channel.value,
        "channel_label": _CHANNELS[channel],
        "channels": [(_CHANNELS[one], _address(kind, one), one is channel) for one in kind.channels],
        "fields": [_field(part, parts[part], channel) for part in PARTS[channel]],
        "note": (typed or {}).get("note", ""),
        "shown_version": words.version if typed is None else None,
        "in_use_version": staffs.version if staffs else 0,
        "names": _names(kind, channel),
        "versions": _history(kind, channel, staffs),
        **_preview(kind, channel, parts),
    }


def compare_page(kind: Kind, channel: Channel, old: int, new: int) -> dict[str, Any] | None:
    """Return the comparison of two versions, or None if one is missing."""
    before, after = _version(kind, channel, old), _version(kind, channel, new)
    if before is None or after is None:
        return None
    return {
        "kind": kind,
        "channel_label": _CHANNELS[channel],
        "back": _address(kind, channel),
        "old": old,
        "new": new,
        "parts": [(_LABELS[one.part], one) for one in compare(before, after)],
    }


def typed_parts(typed: Mapping[str, str], channel: Channel) -> dict[str, str]:
    """Return the parts of a form as they were typed."""
    return {part: typed.get(f"part-{part}", "").replace("\r\n", "\n") for part in PARTS[channel]}


def _overview_cell(
    kind: Kind, channel: Channel, versions: Iterable[WordingSummary], in_use: Mapping[tuple[str, str], Wording]
) -> dict[str, Any]:
    staffs = in_use.get((kind.key, channel.value))
    return {
        "label": _CHANNELS[channel],
        "address": _address(kind, channel),
        "version": staffs.version if staffs else 0,
        "drafts": sum(1 for one in versions if one.state is WordingState.DRAFT),
        "is_broken": bool(staffs and _fault(kind, channel, staffs.parts)),
    }


def _preview(kind: Kind, channel: Channel, parts: Mapping[str, str]) -> dict[str, Any]:
    fault = _fault(kind, channel, parts)
    try:
        rendered = render_sample(kind, Wording(kind.key, channel, parts))
    except WordingRefused as error:
        return {"fault": fault or error.detail, "rendered": None}
    faces = {}
    if isinstance(rendered, RenderedMail):
        faces = {"light": in_light(rendered.html), "dark": in_dark(rendered.html)}
    return {"fault": fault, "rendered": rendered, **faces}


def _fault(kind: Kind, channel: Channel, parts: Mapping[str, str]) -> str:
    try:
        judge_wording(kind, channel, parts)
    except WordingRefused as error:
        return error.detail
    return ""


def _names(kind: Kind, channel: Channel) -> list[tuple[str, object, bool]]:
    """The names words may use, with the sample's values, and which of them must not be left out."""
    needed = essential_names(kind, channel)
    return [(name, value, name in needed) for name, value in {**kind.sample, **names_always_there()}.items()]


def _field(part: str, text: str, channel: Channel) -> dict[str, Any]:
    return {
        "name": f"part-{part}",
        "label": _LABELS[part],
        "text": text,
        "is_long": part == "body",
        "may_be_empty": part in MAY_BE_EMPTY[channel],
    }


def _history(kind: Kind, channel: Channel, staffs: Wording | None) -> list[dict[str, Any]]:
    versions = list_versions(kind.key, channel)
    return [
        {
            "summary": one,
            "state": one.state.value,
            "address": f"{_address(kind, channel)}?version={one.version}",
            "changes": _compare_address(kind, channel, one.version - 1, one.version),
            "against_use": _compare_address(kind, channel, staffs.version if staffs else 0, one.version),
        }
        for one in versions
    ]


def _version(kind: Kind, channel: Channel, version: int) -> Wording | None:
    return get_wording(kind.key, channel, version) if version else file_wording(kind, channel)


def _address(kind: Kind, channel: Channel) -> str:
    return reverse("admin:notifications_wordingversion_words", args=[kind.key, channel.value])


def _compare_address(kind: Kind, channel: Channel, old: int, new: int) -> str:
    return reverse("admin:notifications_wordingversion_compare", args=[kind.key, channel.value, old, new])
