"""Values from outside are inert: they are neither HTML nor words of the language, wherever they stand."""

from collections.abc import Mapping

import pytest

from apps.notifications.contracts import Channel, ContextValue, Reader, RenderedMail, Wording
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.compose import compose_email, compose_in_app, compose_sms
from apps.notifications.rendering.samples import render_sample
from apps.notifications.rendering.sources import file_wording
from apps.notifications.rules.catalogue import KINDS, get_kind
from apps.notifications.rules.forms import Form, form_of
from apps.notifications.rules.kinds.kind import Kind
from tests.notifications.rendering.test_every_kind import name_of, read

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><svg onload=alert(1)>",
    'x" style="display:none" class="button',
    "{{ name }}{% if name %}[[Pay]](https://evil.example){% endif %}",
    "[[Pay now]]({{ address }})\n\n# Heading\n\n> note\n- item\n| a | b",
    "**bold** [link](https://evil.example)",
    "&lt;b&gt; &amp; \u202e\x00",
]
MAILS = [kind for kind in KINDS if Channel.EMAIL in kind.channels]


def attacked(kind: Kind, attack: str) -> Mapping[str, ContextValue]:
    return {name: attack if form_of(value) is Form.TEXT else value for name, value in kind.sample.items()}


@pytest.mark.parametrize("kind", MAILS, ids=name_of)
def test_a_hostile_value_changes_no_element_of_a_mail(kind: Kind):
    words = file_wording(kind, Channel.EMAIL)
    quiet = read(compose_email(kind, words, attacked(kind, "calm"), Reader()).html)

    for attack in ATTACKS:
        mail = compose_email(kind, words, attacked(kind, attack), Reader())

        page = read(mail.html)
        assert (page.open, page.faults, page.loads) == ([], [], []), attack
        assert page.links == quiet.links, attack
        assert "\n" not in mail.subject, attack
        assert "<script" not in mail.html, attack


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_value_adds_no_line_to_a_text_message_or_an_inbox(attack: str):
    alert = get_kind("reports.alert_fired")
    context = attacked(alert, attack)

    sms = compose_sms(alert, file_wording(alert, Channel.SMS), context, Reader())
    message = compose_in_app(alert, file_wording(alert, Channel.IN_APP), context, Reader())

    assert "\n" not in sms.text
    assert "\n" not in message.title + message.body
    assert message.link == alert.sample["address"]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "/relative", "https://a b", 'https://x"onclick="y', "", "ftp://x"],
)
def test_an_address_that_is_none_is_refused(address: str):
    kind = get_kind("accounts.password_reset")

    with pytest.raises(WordingRefused, match="not an address"):
        compose_email(kind, file_wording(kind, Channel.EMAIL), {**kind.sample, "address": address}, Reader())


def test_staff_can_neither_write_html_nor_a_link_of_their_own():
    kind = get_kind("accounts.welcome")
    body = '# <b>Hi</b> {{ name }}\n\n<script>x</script> <a href="x">y</a>'
    words = Wording(kind.key, Channel.EMAIL, {"subject": "s", "preheader": "<i>", "reason": "<u>", "body": body})

    mail = render_sample(kind, words)

    assert isinstance(mail, RenderedMail)
    page = read(mail.html)
    assert (page.faults, page.links) == ([], [])
    assert "&lt;b&gt;Hi&lt;/b&gt; Olivia Hart" in mail.html
