"""Judge words that staff wrote: by what `make check` asks of the files, and by what must not get lost."""

from collections.abc import Mapping

from apps.notifications.contracts import Channel, Wording
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.blocks import CodeBox, parse_blocks
from apps.notifications.rendering.checks import faults_of, names_of
from apps.notifications.rendering.language import choose, names_in
from apps.notifications.rendering.sources import MAY_BE_EMPTY, PARTS, file_wording
from apps.notifications.rules.forms import Form, form_of
from apps.notifications.rules.kinds.kind import Kind


def judge_wording(kind: Kind, channel: Channel, parts: Mapping[str, str]) -> Wording:
    """Return the words, tidied. Raises WordingRefused naming everything that is wrong with them."""
    tidy = {name: str(parts.get(name, "")).replace("\r\n", "\n").strip() for name in PARTS[channel]}
    wording = Wording(kind.key, channel, tidy)
    faults = list(_faults(kind, wording))
    if faults:
        raise WordingRefused(" ".join(faults))
    return wording


def essential_names(kind: Kind, channel: Channel) -> set[str]:
    """Return the names no words of this kind may leave out: its code, and where it leads."""
    original = file_wording(kind, channel)
    addresses = {name for name in names_of(original) & kind.sample.keys() if form_of(kind.sample[name]) is Form.ADDRESS}
    codes = (
        block.text for block in parse_blocks(choose(original.parts["body"], kind.sample)) if isinstance(block, CodeBox)
    )
    named = names_of(original) & {"code"}
    return addresses | named | {name for code in codes for name in names_in(code)}


def _faults(kind: Kind, wording: Wording) -> list[str]:
    empty = [name for name in _needed(wording.channel) if not wording.parts[name]]
    if empty:
        return [f"The {name} is empty." for name in empty]
    faults = list(dict.fromkeys(faults_of(kind, wording)))
    if faults:
        return faults
    lost = essential_names(kind, wording.channel) - names_of(wording)
    return [f"The words leave out {{{{ {name} }}}}, without which the message is of no use." for name in sorted(lost)]


def _needed(channel: Channel) -> tuple[str, ...]:
    return tuple(name for name in PARTS[channel] if name not in MAY_BE_EMPTY[channel])
