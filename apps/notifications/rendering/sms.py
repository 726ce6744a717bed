"""Turn a kind and its context into a text message."""

from collections.abc import Mapping

from apps.notifications.contracts import ANYBODY, Channel, ContextValue, Reader, RenderedSms
from apps.notifications.rendering.compose import compose_sms
from apps.notifications.rendering.words import in_best_words
from apps.notifications.rules.kinds.kind import Kind


def render_sms(kind: Kind, context: Mapping[str, ContextValue], reader: Reader = ANYBODY) -> RenderedSms:
    """Return the text message for this reader, and what it will be billed as. Raises WordingRefused."""
    return in_best_words(kind, Channel.SMS, lambda words: compose_sms(kind, words, context, reader))
