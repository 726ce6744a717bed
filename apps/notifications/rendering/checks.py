"""Prove the catalogue: every kind has its templates, and they name nothing their sample does not have."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from apps.notifications.rendering.mail import ALWAYS_THERE, ENDINGS
from apps.notifications.rendering.names import names_in
from apps.notifications.rendering.templates import get_template, path_of
from apps.notifications.rules.catalogue import KINDS, Kind


@register("notifications")
def every_kind_can_be_written(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A missing template or an unknown name would be found by the person who does not get the message."""
    return [Error(fault, id="notifications.E001") for kind in KINDS for fault in find_faults(kind)]


def find_faults(kind: Kind) -> Iterator[str]:
    """Yield a sentence for each missing or broken template and each name a template may not use."""
    known = {*kind.sample, *ALWAYS_THERE}
    for path in (path_of(kind.template, ending) for channel in kind.channels for ending in ENDINGS[channel]):
        try:
            names = names_in(get_template(path))
        except (TemplateDoesNotExist, TemplateSyntaxError) as error:
            yield f"{kind.key}: {path} is missing or broken ({error})."
        else:
            yield from (
                f"{kind.key}: {path} uses {name}, which its sample does not have." for name in sorted(names - known)
            )
