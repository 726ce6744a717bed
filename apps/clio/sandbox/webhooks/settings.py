"""How the sandbox delivers webhooks, and what goes wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

RETRY_SECONDS = (120, 240, 480, 960, 1920)
"""Pauses before the five further attempts. Source: Clio developer support, article 360050277853."""
SIGNATURES = ("hex", "base64")
HANDSHAKES = ("after", "before", "lost")
SHARES = ("duplicate", "reorder", "drop")


@dataclass(slots=True)
class WebhookSettings:
    """What can be set while running.

    handshake: after the POST was answered, before it is, or lost. time_scale: factor on every pause, so that a test
    need not wait minutes. suspend_after: lost deliveries in a row that suspend a webhook. duplicate, reorder, drop:
    shares of the deliveries between 0 and 1. delay: seconds before each delivery. hold: nothing is sent until it is
    off again. watches_updated_at: whether a changed updated_at counts as a changed field.
    """

    signature: str = "hex"
    handshake: str = "after"
    time_scale: float = 1.0
    timeout: float = 10.0
    suspend_after: int = 3
    duplicate: float = 0.0
    reorder: float = 0.0
    drop: float = 0.0
    delay: float = 0.0
    hold: bool = False
    watches_updated_at: bool = True

    def change(self, values: dict[str, Any]) -> None:
        """Set some of them. Raises ValueError for a name or value that makes no sense."""
        checked = {name: self._checked(name, value) for name, value in values.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def shown(self) -> dict[str, Any]:
        """Return all of them by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def _checked(self, name: str, value: Any) -> Any:
        known = self.shown()
        if name not in known:
            raise ValueError(f"{name!r} is no setting of webhooks: use one of {', '.join(known)}.")
        words = {"signature": SIGNATURES, "handshake": HANDSHAKES}.get(name)
        if words is not None:
            if value not in words:
                raise ValueError(f"{name} must be one of {', '.join(words)}.")
            return value
        kind = type(known[name])
        if isinstance(value, bool) != (kind is bool) or not isinstance(value, bool | int | float):
            raise ValueError(f"{name} must be a {kind.__name__}.")
        if value < 0 or (name in SHARES and value > 1):
            raise ValueError(f"{name} is out of its bounds.")
        return kind(value)


def parse_webhook_faults(text: str) -> dict[str, float]:
    """Return shares by name from a text such as duplicate:0.1,drop:0.02. Raises ValueError."""
    pairs = (part.strip().partition(":") for part in text.split(",") if part.strip())
    found = {name: float(share) for name, _, share in pairs}
    if not found.keys() <= set(SHARES):
        raise ValueError(f"webhooks can be hit by {', '.join(SHARES)} only.")
    WebhookSettings().change(found)
    return found
