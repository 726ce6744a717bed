"""Put words and values together: for the file's words, for staff's, for a preview. One way for all of them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from apps.notifications.contracts import (
    Channel,
    ContextValue,
    Reader,
    RenderedInApp,
    RenderedMail,
    RenderedSms,
    Wording,
)
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.blocks import Block, Button, parse_blocks
from apps.notifications.rendering.html import to_html
from apps.notifications.rendering.inline import Values
from apps.notifications.rendering.language import choose
from apps.notifications.rendering.layout import mail_html, mail_text
from apps.notifications.rendering.text import to_text
from apps.notifications.rules.kinds.kind import Kind
from apps.notifications.rules.reasons import reason_for
from apps.notifications.rules.sms_segments import count_segments, to_plain_signs

LONGEST_OUTPUT = 100_000
# A subject is cut by phones at about 40 signs and by all at 78; longer than this it is no subject.
LONGEST_LINE = 150


def compose_email(kind: Kind, wording: Wording, context: Mapping[str, ContextValue], reader: Reader) -> RenderedMail:
    """Return the mail in words. Values are escaped in HTML. Raises WordingRefused."""
    values = _values(context, reader)
    blocks = _blocks(wording, values)
    reason = _line(wording.parts.get("reason") or reason_for(kind), values)
    preheader = _line(wording.parts["preheader"], values)
    html = mail_html(kind, to_html(blocks, values), preheader=preheader, reason=reason, reader=reader)
    text = mail_text(kind, to_text(blocks, values), reason=reason, reader=reader)
    return RenderedMail(_line(wording.parts["subject"], values), _bounded(text), _bounded(html))


def compose_sms(kind: Kind, wording: Wording, context: Mapping[str, ContextValue], reader: Reader) -> RenderedSms:
    """Return the text message, in signs every phone has where ours has a plain one. Raises WordingRefused."""
    values = _values(context, reader)
    lines = choose(wording.parts["body"], values.values).strip().split("\n")
    text = to_plain_signs("\n".join(values.plain(line).strip() for line in lines)).strip()
    return RenderedSms(_bounded(text), count_segments(text))


def compose_in_app(kind: Kind, wording: Wording, context: Mapping[str, ContextValue], reader: Reader) -> RenderedInApp:
    """Return the inbox's message. Raises WordingRefused."""
    values = _values(context, reader)
    link = _line(wording.parts.get("link", ""), values)
    if link:
        link = values.address(choose(wording.parts["link"], values.values).strip())
    body = to_text(_blocks(wording, values), values)
    return RenderedInApp(_line(wording.parts["title"], values), _bounded(" ".join(body.split())), link)


def names_always_there() -> dict[str, ContextValue]:
    """Return what every message may name besides its context: where we are on the web."""
    return {"public_base_url": settings.PUBLIC_BASE_URL, "public_host": urlsplit(settings.PUBLIC_BASE_URL).netloc}


def _values(context: Mapping[str, ContextValue], reader: Reader) -> Values:
    return Values({**names_always_there(), **context}, reader)


def _blocks(wording: Wording, values: Values) -> tuple[Block, ...]:
    blocks = parse_blocks(choose(wording.parts["body"], values.values))
    if wording.channel is Channel.IN_APP and any(isinstance(block, Button) for block in blocks):
        raise WordingRefused("A message of the inbox has one link, and no button.")
    return blocks


def _line(source: str, values: Values) -> str:
    line = " ".join(values.plain(choose(source, values.values)).split())
    return line if len(line) <= LONGEST_LINE * 2 else line[: LONGEST_LINE * 2 - 1] + "…"


def _bounded(text: str) -> str:
    if len(text) > LONGEST_OUTPUT:
        raise WordingRefused(f"The message comes out longer than {LONGEST_OUTPUT:,} characters.")
    return text
