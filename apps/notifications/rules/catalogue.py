"""Every kind of message the product sends. A new message is a row here and its templates; `make check` proves both."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.notifications.contracts import Category, Channel, ContextValue
from apps.notifications.errors import ContextDoesNotFit, UnknownKind


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what it is for, how it travels, and whether a person may refuse it.

    key: the app that says it, and what it says. label: how a person's preferences name it. by_default: sent unless
    refused. sample: exactly the names its templates may use, with values to look at.
    """

    key: str
    label: str
    category: Category
    channels: tuple[Channel, ...]
    by_default: bool
    may_refuse: bool
    sample: Mapping[str, ContextValue]

    @property
    def template(self) -> str:
        """The templates' common stem: `<template>.subject.txt`, `.txt`, `.html`."""
        return self.key


KINDS = (
    Kind(
        key="accounts.welcome",
        label="Welcome to Smarter Firms",
        category=Category.TRANSACTIONAL,
        channels=(Channel.EMAIL,),
        by_default=True,
        may_refuse=False,
        sample={"name": "Olivia Hart"},
    ),
)
_BY_KEY = {kind.key: kind for kind in KINDS}


def get_kind(key: str) -> Kind:
    """Return a kind by its key. Raises UnknownKind."""
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownKind(key) from None


def check_context(kind: Kind, context: Mapping[str, object]) -> None:
    """Raise ContextDoesNotFit unless the context has exactly the sample's names and plain values."""
    if context.keys() != kind.sample.keys():
        raise ContextDoesNotFit(f"{kind.key} takes {sorted(kind.sample)}, was given {sorted(context)}")
    for name, value in context.items():
        if not isinstance(value, ContextValue):
            raise ContextDoesNotFit(f"{kind.key}: {name} is a {type(value).__name__}, not a plain value")
