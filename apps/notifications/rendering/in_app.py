"""Turn a kind and its context into a message of the inbox."""

import logging
from collections.abc import Mapping

from apps.notifications.contracts import ANYBODY, Channel, ContextValue, Reader, RenderedInApp, Wording
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.compose import compose_in_app
from apps.notifications.rendering.words import in_best_words, in_these_words
from apps.notifications.rules.kinds.kind import Kind

logger = logging.getLogger(__name__)


def render_in_app(kind: Kind, context: Mapping[str, ContextValue], reader: Reader = ANYBODY) -> RenderedInApp:
    """Return the inbox's message for this reader. Raises WordingRefused."""
    return in_best_words(kind, Channel.IN_APP, lambda words: compose_in_app(kind, words, context, reader))


def render_in_app_of_list(
    kind: Kind, context: Mapping[str, ContextValue], reader: Reader, staffs: Wording | None
) -> RenderedInApp:
    """Return one message of an inbox read long after it was said, in the words the list looked up for all of its kinds.

    staffs: from `queries.wording.list_approved_wording`. A context older than today's words shows the kind's name.
    """
    try:
        return in_these_words(kind, Channel.IN_APP, staffs, lambda words: compose_in_app(kind, words, context, reader))
    except WordingRefused as error:
        logger.warning("notifications.inbox_words_do_not_fit", extra={"kind": kind.key, "fault": error.code})
        return RenderedInApp(kind.label, "", "")
