"""Which words a message is said in: staff's where they hold, else the file's, which `make check` proves."""

import logging
from collections.abc import Callable
from typing import TypeVar

from apps.notifications.contracts import Channel, Wording
from apps.notifications.errors import WordingRefused
from apps.notifications.queries.wording import find_approved_wording
from apps.notifications.rendering.sources import file_wording
from apps.notifications.rules.kinds.kind import Kind

logger = logging.getLogger(__name__)
Rendered = TypeVar("Rendered")


def in_best_words(kind: Kind, channel: Channel, compose: Callable[[Wording], Rendered]) -> Rendered:
    """Compose in staff's words if some are in use; one query. Raises WordingRefused if even the file's do not hold."""
    return in_these_words(kind, channel, find_approved_wording(kind.key, channel), compose)


def in_these_words(
    kind: Kind, channel: Channel, staffs: Wording | None, compose: Callable[[Wording], Rendered]
) -> Rendered:
    """Compose in staff's words if they are given; where these are refused, say so in the log and take the file's."""
    if staffs is not None:
        try:
            return compose(staffs)
        except (WordingRefused, LookupError, TypeError, AttributeError) as error:
            logger.error(
                "notifications.wording_broken",
                extra={
                    "kind": kind.key,
                    "channel": channel.value,
                    "version": staffs.version,
                    "fault": type(error).__name__,
                },
            )
    return compose(file_wording(kind, channel))
