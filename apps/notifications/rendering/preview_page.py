"""One page with every kind on it, to look through."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template import Context

from apps.notifications.contracts import Channel
from apps.notifications.rendering.samples import Rendered
from apps.notifications.rendering.templates import get_template
from apps.notifications.rules.kinds.kind import Kind


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind's sample on one channel."""

    kind: Kind
    channel: Channel
    rendered: Rendered


def preview_page(shown: Sequence[Shown]) -> str:
    """Return the page; mails are shown from the files beside it."""
    by_kind: dict[str, dict[str, object]] = {}
    for one in shown:
        entry = by_kind.setdefault(one.kind.key, {"kind": one.kind, "channels": {}})
        channels = entry["channels"]
        assert isinstance(channels, dict)
        channels[one.channel.value] = one.rendered
    page = get_template("notifications/preview.html")
    return page.render(Context({"entries": list(by_kind.values()), "count": len(by_kind)}))
