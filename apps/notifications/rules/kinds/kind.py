"""What a row of the catalogue is."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.notifications.contracts import Category, Channel, ContextValue

EMAIL, SMS, IN_APP = (Channel.EMAIL,), (Channel.SMS,), (Channel.IN_APP,)
EMAIL_AND_INBOX = (Channel.EMAIL, Channel.IN_APP)
EVERYWHERE = (Channel.EMAIL, Channel.SMS, Channel.IN_APP)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what it is for, how it travels, and whether a person may refuse it.

    key: the app that says it, and what it says. label: how a person's preferences name it. by_default: sent unless
    refused. sample: exactly the names its templates may use, with values to look at; a value must have the form of its
    sample (rules/forms.py). on_request: of its channels those that carry it only to a person who asked for that.
    may_wait: whether quiet hours and the daily digest may hold it back; never when a person is waiting for it.
    """

    key: str
    label: str
    category: Category
    channels: tuple[Channel, ...]
    by_default: bool
    may_refuse: bool
    sample: Mapping[str, ContextValue]
    on_request: tuple[Channel, ...] = ()
    may_wait: bool = False

    @property
    def template(self) -> str:
        """The templates' common stem: `<template>.email.md`, `.sms.txt`, `.in_app.md`."""
        return self.key

    @property
    def area(self) -> str:
        """The app that says it: the word before the point."""
        return self.key.partition(".")[0]

    def goes_by_default(self, channel: Channel) -> bool:
        """Tell whether a person who chose nothing gets it on this channel."""
        return self.by_default and channel in self.channels and channel not in self.on_request
