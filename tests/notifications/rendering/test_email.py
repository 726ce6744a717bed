"""A mail is one subject, plain text, and HTML that any mail program can show."""

import re

import pytest

from apps.notifications.contracts import Reader
from apps.notifications.rendering.email import render_email
from apps.notifications.rendering.inline_css import inline_css
from apps.notifications.rules.catalogue import get_kind

pytestmark = pytest.mark.django_db
HOSTILE = 'Ada" class="button <b>&\r\nBcc: x@example.com'
RECEIPT = """\
Receipt

Thank you. This was paid for Ash & Birch LLP.

Receipt     SF-2026-00318
Paid on     March 17, 2026
Paid with   Visa ending in 4242

Firm, monthly    Amount
12 seats        $300.00
Tax              $24.75
Total           $324.75

Open the invoice:
https://app.smarterfirms.com/firm/billing

--\x20
You get this mail because you look after the subscription of Ash & Birch
LLP.
Smarter Firms: numbers your firm can trust
"""


def test_writes_the_welcome_mail(settings):
    settings.PUBLIC_BASE_URL = "https://app.example.com"

    mail = render_email(get_kind("accounts.welcome"), {"name": "Olivia Hart"})

    assert mail.subject == "Welcome to Smarter Firms, Olivia Hart"
    assert mail.text.startswith("Welcome, Olivia Hart\n")
    assert "https://app.example.com/account" in mail.text
    assert mail.html.count('href="https://app.example.com/account"') == 2
    assert ">Welcome, Olivia Hart</h1>" in mail.html


def test_writes_a_receipt_as_text():
    receipt = get_kind("billing.receipt")

    text = render_email(receipt, receipt.sample).text

    assert text == RECEIPT


def test_escapes_values_in_html_and_keeps_them_on_one_line():
    mail = render_email(get_kind("accounts.welcome"), {"name": HOSTILE})

    assert 'Welcome, Ada" class="button <b>& Bcc: x@example.com\n' in mail.text
    assert "<b>" not in mail.html
    assert "Ada&quot; class=&quot;button &lt;b&gt;&amp; Bcc" in mail.html


def test_the_subject_is_one_line_whatever_a_value_holds():
    mail = render_email(get_kind("accounts.welcome"), {"name": HOSTILE})

    assert mail.subject == 'Welcome to Smarter Firms, Ada" class="button <b>& Bcc: x@example.com'


def test_every_element_with_a_class_carries_its_style():
    html = render_email(get_kind("accounts.welcome"), {"name": "Ada"}).html

    assert re.findall(r'class="([^"]+)"(?! style=)', html) == []


def test_inlines_in_the_order_of_the_class_attribute():
    html = inline_css('<p class="a b unknown">x</p>', ".b { color: red; }\n.a {\n  margin: 0;\n}")

    assert html == '<p class="a b unknown" style="margin: 0; color: red;">x</p>'


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (Reader(zone="America/New_York"), "March 3, 2026, 4:15 PM EST"),
        (Reader(zone="Europe/London", locale="en-GB"), "3 March 2026, 21:15 GMT"),
        (Reader(zone="Australia/Sydney", locale="en-AU"), "4 March 2026, 08:15 AEDT"),
        (Reader(zone="Mars/Base"), "March 3, 2026, 9:15 PM UTC"),
    ],
)
def test_tells_the_time_of_the_reader(reader: Reader, said: str):
    kind = get_kind("accounts.new_device")

    mail = render_email(kind, kind.sample, reader)

    assert said in mail.text
    assert said in mail.html


def test_says_how_to_stop_only_where_one_may():
    reader = Reader(unsubscribe_address="https://app.example.com/unsubscribe/abc")
    refusable, security = get_kind("reports.report_ready"), get_kind("accounts.password_changed")

    stoppable, fixed = (
        render_email(refusable, refusable.sample, reader),
        render_email(security, security.sample, reader),
    )

    assert "https://app.example.com/unsubscribe/abc" in stoppable.text
    assert 'href="https://app.example.com/unsubscribe/abc"' in stoppable.html
    assert "unsubscribe" not in fixed.text + fixed.html
    assert "It cannot be turned off." in " ".join(fixed.text.split())
