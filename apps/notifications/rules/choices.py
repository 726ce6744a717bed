"""What a person may choose for a kind on a channel, and what holds when they chose nothing."""

from collections.abc import Mapping

from apps.notifications.contracts import Channel, Choice
from apps.notifications.rules.catalogue import Kind

# The kind that carries the others. Whoever refuses it refuses what they wanted gathered in it.
DIGEST_KIND = "system.digest"
FIRST_DIGEST_HOUR = 8


def choices_for(kind: Kind, channel: Channel) -> tuple[Choice, ...]:
    """Return what may be chosen: only `on` where the kind cannot be refused, a digest for mails that can wait."""
    if not kind.may_refuse:
        return (Choice.ON,)
    if kind.may_wait and channel is Channel.EMAIL and kind.key != DIGEST_KIND:
        return (Choice.ON, Choice.DIGEST, Choice.OFF)
    return (Choice.ON, Choice.OFF)


def default_choice(kind: Kind, channel: Channel) -> Choice:
    """Return what holds for people who chose nothing."""
    return Choice.ON if kind.goes_by_default(channel) or not kind.may_refuse else Choice.OFF


def choice_of(kind: Kind, channel: Channel, chosen: Mapping[tuple[str, str], str]) -> Choice:
    """Return the choice that holds. A choice that is no longer offered counts as none."""
    own = chosen.get((kind.key, channel))
    return Choice(own) if own in choices_for(kind, channel) else default_choice(kind, channel)


def gathers(kind: Kind, chosen: Mapping[tuple[str, str], str]) -> bool:
    """Tell whether the kind's mails wait for the person's daily digest."""
    return Channel.EMAIL in kind.channels and choice_of(kind, Channel.EMAIL, chosen) is Choice.DIGEST
