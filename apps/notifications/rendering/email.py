"""Turn a kind and its context into a mail: in staff's words where they put some into use, else in the file's."""

from collections.abc import Mapping

from apps.notifications.contracts import ANYBODY, Channel, ContextValue, Reader, RenderedMail
from apps.notifications.rendering.compose import compose_email
from apps.notifications.rendering.words import in_best_words
from apps.notifications.rules.kinds.kind import Kind


def render_email(kind: Kind, context: Mapping[str, ContextValue], reader: Reader = ANYBODY) -> RenderedMail:
    """Return the mail for this reader. The subject is one line whatever the values hold. Raises WordingRefused."""
    return in_best_words(kind, Channel.EMAIL, lambda words: compose_email(kind, words, context, reader))
