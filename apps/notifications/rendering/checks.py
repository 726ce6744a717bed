"""Prove the catalogue: every kind has words for each of its channels, and they fit its sample."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, register

from apps.notifications.contracts import Channel, ContextValue, Reader, Wording
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.compose import (
    LONGEST_LINE,
    compose_email,
    compose_in_app,
    compose_sms,
    names_always_there,
)
from apps.notifications.rendering.language import conditions_in, names_in
from apps.notifications.rendering.sources import ENDINGS, KINDS_FOLDER, PARTS, file_wording, path_of
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.rules.kinds.kind import Kind

MOST_SEGMENTS = 2
_LONGEST_SUBJECT = 100


@register("notifications")
def every_kind_can_be_written(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A missing template or an unknown name would be found by the person who does not get the message."""
    faults = [fault for kind in KINDS for fault in find_faults(kind)]
    return [Error(fault, id="notifications.E001") for fault in (*faults, *find_orphans(KINDS_FOLDER))]


def find_faults(kind: Kind) -> Iterator[str]:
    """Yield a sentence for each missing or broken template, each name a template may not use, each sample unused."""
    used: set[str] = set()
    for channel in kind.channels:
        try:
            wording = file_wording(kind, channel)
        except FileNotFoundError:
            yield f"{kind.key}: {path_of(kind, channel).name} is missing."
            continue
        except WordingRefused as error:
            yield f"{kind.key}: {path_of(kind, channel).name}: {error.detail}"
            continue
        yield from (f"{kind.key}: {path_of(kind, channel).name}: {fault}" for fault in faults_of(kind, wording))
        used |= names_of(wording)
    if len(used) and (unused := kind.sample.keys() - used):
        yield f"{kind.key}: no template uses {', '.join(sorted(unused))} of its sample."


def faults_of(kind: Kind, wording: Wording) -> Iterator[str]:
    """Yield a sentence for whatever is wrong with words for this kind; staff's are judged by the same."""
    try:
        unknown = names_of(wording) - kind.sample.keys() - names_always_there().keys()
        if unknown:
            yield f"{', '.join(sorted(unknown))} is not among its names: {', '.join(sorted(kind.sample))}."
            return
        for context in _contexts(kind, wording):
            yield from _too_long(kind, wording, context)
    except WordingRefused as error:
        yield error.detail


def names_of(wording: Wording) -> set[str]:
    """Return every name the words take from the context. Raises WordingRefused."""
    if wording.parts.keys() != set(PARTS[wording.channel]):
        raise WordingRefused(f"The parts are {', '.join(PARTS[wording.channel])}.")
    return {name for text in wording.parts.values() for name in names_in(text)}


def _contexts(kind: Kind, wording: Wording) -> Iterator[dict[str, ContextValue]]:
    """The sample, once for each way its conditions can turn out."""
    asked = sorted({name for text in wording.parts.values() for name in conditions_in(text)} & kind.sample.keys())
    if len(asked) > 4:
        raise WordingRefused("The words ask about more than four names.")
    for answers in product((True, False), repeat=len(asked)):
        yield {**kind.sample, **{name: _answer(kind.sample[name], to) for name, to in zip(asked, answers, strict=True)}}


def _answer(sample: ContextValue, to: bool) -> ContextValue:
    if isinstance(sample, bool):
        return to
    return sample if to else type(sample)()


def _too_long(kind: Kind, wording: Wording, context: dict[str, ContextValue]) -> Iterator[str]:
    reader = Reader(zone="America/New_York")
    if wording.channel is Channel.SMS:
        sms = compose_sms(kind, wording, context, reader)
        if sms.segments > MOST_SEGMENTS:
            yield f"the sample takes {sms.segments} segments; {MOST_SEGMENTS} are the most."
    elif wording.channel is Channel.IN_APP:
        title = compose_in_app(kind, wording, context, reader).title
        if not title or len(title) > LONGEST_LINE:
            yield f"the title has {len(title)} signs; 1 to {LONGEST_LINE} are meant."
    else:
        subject = compose_email(kind, wording, context, reader).subject
        if not subject or len(subject) > _LONGEST_SUBJECT:
            yield f"the subject has {len(subject)} signs; 1 to {_LONGEST_SUBJECT} are meant."


def find_orphans(folder: Path) -> Iterator[str]:
    """Yield a sentence for each file that no kind would ever use: most often a misspelt name."""
    known = {path_of(kind, channel).name for kind in KINDS for channel in kind.channels}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            yield f"{path.name} belongs to no kind and channel; a name is <kind>.{{{','.join(ENDINGS.values())}}}."
