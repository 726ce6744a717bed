"""Turn a kind and its context into a mail."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.template import Context

from apps.notifications.contracts import Channel, ContextValue, RenderedMail
from apps.notifications.rendering.inline_css import inline_css
from apps.notifications.rendering.templates import FOLDER, get_template, path_of
from apps.notifications.rules.catalogue import Kind

# The endings of the templates each channel needs, and the names that every template has besides its context's.
ENDINGS = {Channel.EMAIL: ("subject.txt", "txt", "html")}
ALWAYS_THERE = ("public_base_url",)


def render_mail(kind: Kind, context: Mapping[str, ContextValue]) -> RenderedMail:
    """Return the mail in words. Values are escaped in HTML; the subject is one line whatever they contain."""
    return RenderedMail(
        subject=" ".join(_render(kind, "subject.txt", context).split()),
        text=_render(kind, "txt", context).strip() + "\n",
        html=inline_css(_render(kind, "html", context), _style_sheet()),
    )


def _render(kind: Kind, ending: str, context: Mapping[str, ContextValue]) -> str:
    values = {"public_base_url": settings.PUBLIC_BASE_URL, **context}
    return get_template(path_of(kind.template, ending)).render(Context(values, autoescape=ending == "html"))


@cache
def _style_sheet() -> str:
    return (FOLDER / "notifications" / "layout" / "mail.css").read_text()
