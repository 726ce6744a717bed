"""What every mail has around its words: the letterhead, the card, why it came and how to stop it."""

from functools import cache

from django.template import Context
from django.utils.safestring import mark_safe

from apps.notifications.contracts import Category, Reader
from apps.notifications.rendering.inline_css import inline_css
from apps.notifications.rendering.templates import FOLDER, get_template
from apps.notifications.rendering.text import wrap
from apps.notifications.rules.kinds.kind import Kind
from apps.notifications.rules.reasons import kicker_for

_SIGNATURE = "Smarter Firms: numbers your firm can trust"


def mail_html(kind: Kind, content: str, *, preheader: str, reason: str, reader: Reader) -> str:
    """Return the whole page. content: HTML whose values are escaped."""
    page = get_template("notifications/layout/mail.html").render(
        Context(
            {
                "kicker": kicker_for(kind),
                "is_urgent": kind.category in (Category.SECURITY, Category.ALERT),
                "content": mark_safe(content),  # noqa: S308 - rendering/html.py escapes every value
                "preheader": preheader,
                "reason": reason,
                "unsubscribe_address": reader.unsubscribe_address if kind.may_refuse else "",
            }
        )
    )
    return inline_css(page, _style_sheet())


def mail_text(kind: Kind, content: str, *, reason: str, reader: Reader) -> str:
    """Return the whole plain text."""
    lines = [content, "", "-- ", wrap(reason)]
    if kind.may_refuse and reader.unsubscribe_address:
        lines += ["Stop these mails, or choose what you get:", reader.unsubscribe_address]
    return "\n".join([*lines, _SIGNATURE]) + "\n"


@cache
def _style_sheet() -> str:
    return (FOLDER / "notifications" / "layout" / "mail.css").read_text(encoding="utf-8")
