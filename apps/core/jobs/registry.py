"""Job names and what runs them. `tasks.py` of each app registers its handlers when the app is ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class RunAgain:
    """What a handler returns when its work goes on later: the job stays pending until that instant."""

    at: datetime


Handler = Callable[..., RunAgain | None]
_handlers: dict[str, Handler] = {}


def handles(name: str) -> Callable[[Handler], Handler]:
    """Register a function as the handler of a job name.

    It is called outside any transaction with the job's arguments by keyword, `firm_id` among them when the job has one,
    and must accept keywords it does not know (an old worker meets a newer caller). It may run more than once.
    """

    def register(handler: Handler) -> Handler:
        if name in _handlers:
            raise ValueError(f"job {name} has two handlers")
        _handlers[name] = handler
        return handler

    return register


class UnknownJob(LookupError):
    """This process has no handler of that name: the job was promised by a newer release, or by mistake."""


def get_handler(name: str) -> Handler:
    """Return the handler of a job name. Raises UnknownJob."""
    try:
        return _handlers[name]
    except KeyError:
        raise UnknownJob(name) from None


def registered_handlers() -> Mapping[str, Handler]:
    """Return all handlers by job name."""
    return MappingProxyType(_handlers)
