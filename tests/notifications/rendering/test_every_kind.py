"""Every kind, on every channel, as it would go out."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from apps.notifications.contracts import Channel, RenderedInApp, RenderedMail, RenderedSms
from apps.notifications.rendering.samples import render_sample
from apps.notifications.rendering.sources import file_wording
from apps.notifications.rendering.templates import FOLDER
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.rules.kinds.kind import Kind

ALL = [(kind, channel) for kind in KINDS for channel in kind.channels]
MAILS = [kind for kind in KINDS if Channel.EMAIL in kind.channels]
_VOID = {"meta", "br"}
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def name_of(value: object) -> str:
    return value.key if isinstance(value, Kind) else str(value)


class _Page(HTMLParser):
    """Reads a page strictly: what is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.faults: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(values.get("href") or "")
        self.loads += [f"{tag} {name}" for name in values if name in ("src", "srcset", "background", "data")]
        if tag in ("script", "link", "img", "form", "iframe", "object"):
            self.faults.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


def read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def mail_of(kind: Kind) -> RenderedMail:
    mail = render_sample(kind, file_wording(kind, Channel.EMAIL))
    assert isinstance(mail, RenderedMail)
    return mail


@pytest.mark.parametrize(("kind", "channel"), ALL, ids=name_of)
def test_leaves_nothing_of_the_language_in_it(kind: Kind, channel: Channel):
    rendered = render_sample(kind, file_wording(kind, channel))

    match rendered:
        case RenderedMail(subject, text, html):
            # What a style sheet and a table of a page hold is not the language's.
            body = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))
            said = [subject, text, body]
        case RenderedSms(text):
            said = [text]
        case RenderedInApp(title, body, link):
            said = [title, body, link]
    for words in said:
        assert re.findall(r"\{\{|\}\}|\{%|%\}|\{#|\|each|\]\(|\*\*|\[\[|\bNone\b", words) == []


@pytest.mark.parametrize("kind", MAILS, ids=name_of)
def test_the_text_has_every_link_of_the_html(kind: Kind):
    mail = mail_of(kind)

    links = read(mail.html).links

    assert {link for link in links if link not in mail.text} == set()


@pytest.mark.parametrize("kind", MAILS, ids=name_of)
def test_the_html_is_well_formed_and_loads_nothing(kind: Kind):
    page = read(mail_of(kind).html)

    assert (page.open, page.faults, page.loads) == ([], [], [])


@pytest.mark.parametrize("kind", MAILS, ids=name_of)
def test_a_mail_has_one_heading_a_language_and_a_subject_that_fits(kind: Kind):
    mail = mail_of(kind)

    assert mail.html.count("<h1 ") == 1
    assert '<html lang="en">' in mail.html
    assert 5 <= len(mail.subject) <= 78
    assert max(len(line) for line in mail.text.splitlines() if "://" not in line) <= 78


@pytest.mark.parametrize("kind", [kind for kind in KINDS if Channel.SMS in kind.channels], ids=name_of)
def test_a_text_message_takes_one_segment(kind: Kind):
    sms = render_sample(kind, file_wording(kind, Channel.SMS))

    assert isinstance(sms, RenderedSms)
    assert sms.segments == 1, sms.text


def test_codes_for_signing_in_can_be_filled_in_by_the_phone(settings):
    """The last line names the host, as browsers and phones expect. Source: wicg.github.io/sms-one-time-codes, 2026."""
    settings.PUBLIC_BASE_URL = "https://app.smarterfirms.com"
    kind = next(kind for kind in KINDS if kind.key == "accounts.sign_in_code")

    sms = render_sample(kind, file_wording(kind, Channel.SMS))

    assert isinstance(sms, RenderedSms)
    assert sms.text == (
        "482913 is your Smarter Firms code to sign in. It works for 5 minutes. Never share it.\n\n"
        "@app.smarterfirms.com #482913"
    )


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_color_can_be_read_on_its_ground_light_and_dark():
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    html = mail_of(MAILS[0]).html
    dark = html[html.index("prefers-color-scheme: dark") : html.index("</style>")]
    light = (FOLDER / "notifications" / "layout" / "mail.css").read_text().partition("*/")[2]

    def color(sheet: str, name: str, prop: str) -> str:
        bodies = [body for names, body in _RULE.findall(sheet) if f".{name}" in re.split(r"[\s,]+", names)]
        found: list[str] = [
            color for body in bodies for color in re.findall(rf"(?<![-\w]){prop}: (#[0-9a-f]{{6}})", body)
        ]
        return found[-1]

    on_card = (
        "text",
        "title",
        "label",
        "figure",
        "link",
        "list",
        "address",
        "kicker",
        "kicker-urgent",
        "step-text",
        "head",
    )
    for sheet in (light, dark):
        card, page = color(sheet, "card", "background-color"), color(sheet, "page", "background-color")
        pairs = [(color(sheet, name, "color"), card, name) for name in on_card]
        pairs += [(color(sheet, name, "color"), page, name) for name in ("foot", "foot-link", "brand")]
        pairs += [
            (color(sheet, name, "color"), color(sheet, name, "background-color"), name) for name in ("code", "note")
        ]
        pairs += [(color(sheet, "button-link", "color"), color(sheet, "button", "background-color"), "button")]
        assert [(name, round(_contrast(one, two), 2)) for one, two, name in pairs if _contrast(one, two) < 4.5] == []
