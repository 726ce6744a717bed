"""The words in the files: one file per kind and channel, its first lines naming its short parts.

subject: Your password was changed
preheader: If it was you, there is nothing to do.

# Your password was changed
...
"""

import re
from functools import cache
from pathlib import Path

from apps.notifications.contracts import Channel, Wording
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.templates import FOLDER
from apps.notifications.rules.kinds.kind import Kind

KINDS_FOLDER = FOLDER / "notifications" / "kinds"
ENDINGS = {Channel.EMAIL: "email.md", Channel.SMS: "sms.txt", Channel.IN_APP: "in_app.md"}
# The parts of each channel, in the order they are shown in; those that may be left out; all but `body` are one line.
PARTS = {
    Channel.EMAIL: ("subject", "preheader", "reason", "body"),
    Channel.SMS: ("body",),
    Channel.IN_APP: ("title", "body", "link"),
}
MAY_BE_EMPTY = {Channel.EMAIL: {"reason"}, Channel.SMS: set[str](), Channel.IN_APP: {"link"}}
_HEAD = re.compile(r"([a-z]+): (.*)")


def path_of(kind: Kind, channel: Channel) -> Path:
    """Return where the words of a kind on a channel lie."""
    return KINDS_FOLDER / f"{kind.template}.{ENDINGS[channel]}"


@cache
def read_wording(kind_key: str, template: str, channel: Channel) -> Wording:
    """Return the file's words. Raises FileNotFoundError, WordingRefused."""
    source = (KINDS_FOLDER / f"{template}.{ENDINGS[channel]}").read_text(encoding="utf-8")
    return Wording(kind_key, channel, split_parts(source, channel))


def file_wording(kind: Kind, channel: Channel) -> Wording:
    """Return the words of a kind's file. Raises FileNotFoundError, WordingRefused."""
    return read_wording(kind.key, kind.template, channel)


def split_parts(source: str, channel: Channel) -> dict[str, str]:
    """Return a source's parts by name, each there, empty where left out. Raises WordingRefused."""
    parts = dict.fromkeys(PARTS[channel], "")
    lines = source.strip("\n").split("\n")
    while len(parts) > 1 and lines and (match := _HEAD.fullmatch(lines[0])) and match[1] in parts:
        parts[match[1]] = match[2].strip()
        lines.pop(0)
    parts["body"] = "\n".join(lines).strip("\n")
    empty = [name for name, text in parts.items() if not text.strip() and name not in MAY_BE_EMPTY[channel]]
    if empty:
        raise WordingRefused(f"There is no {empty[0]}.")
    return parts
