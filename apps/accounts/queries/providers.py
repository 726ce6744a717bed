"""Where people may sign in instead of giving a password: upper apps name it in `ready()`, our pages show it."""

from collections.abc import Callable
from dataclasses import dataclass

from apps.core.registries import Registry


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. label: as people call it. start_path: takes a form with `purpose` and `next`, and leads on to it.

    is_offered: whether this installation is set up for it, asked whenever a page is shown. region_name: words for one
    of its regions.
    """

    name: str
    label: str
    start_path: str
    is_offered: Callable[[], bool]
    region_name: Callable[[str], str]


providers: Registry[Provider] = Registry("sign-in provider")


def list_offered() -> list[Provider]:
    """Return the providers this installation is set up for."""
    return [provider for _, provider in providers if provider.is_offered()]


def find_provider(name: str) -> Provider | None:
    """Return a provider by its name."""
    return next((provider for known, provider in providers if known == name), None)
