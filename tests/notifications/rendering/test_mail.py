"""A mail is one subject, plain text, and HTML that any mail program can show."""

import re

from apps.notifications.rendering.inline_css import inline_css
from apps.notifications.rendering.mail import render_mail
from apps.notifications.rules.catalogue import get_kind

HOSTILE = 'Ada" class="button <b>&\r\nBcc: x@example.com'


def test_writes_the_welcome_mail(settings):
    settings.PUBLIC_BASE_URL = "https://app.example.com"

    mail = render_mail(get_kind("accounts.welcome"), {"name": "Olivia Hart"})

    assert mail.subject == "Welcome to Smarter Firms, Olivia Hart"
    assert mail.text.startswith("Welcome, Olivia Hart\n")
    assert "https://app.example.com/api/docs" in mail.text
    assert mail.html.count('href="https://app.example.com/api/docs"') == 2
    assert ">Welcome, Olivia Hart</h1>" in mail.html


def test_escapes_values_in_html_and_leaves_text_as_it_is():
    mail = render_mail(get_kind("accounts.welcome"), {"name": HOSTILE})

    assert HOSTILE in mail.text
    assert "<b>" not in mail.html
    assert "Ada&quot; class=&quot;button &lt;b&gt;&amp;" in mail.html


def test_the_subject_is_one_line_whatever_a_value_holds():
    mail = render_mail(get_kind("accounts.welcome"), {"name": HOSTILE})

    assert mail.subject == 'Welcome to Smarter Firms, Ada" class="button <b>& Bcc: x@example.com'


def test_every_element_with_a_class_carries_its_style():
    html = render_mail(get_kind("accounts.welcome"), {"name": "Ada"}).html

    bare = re.findall(r'class="([^"]+)"(?! style=)', html)
    assert set(bare) == {"button-table"}  # it only means something on a phone


def test_inlines_in_the_order_of_the_class_attribute():
    html = inline_css('<p class="a b unknown">x</p>', ".b { color: red; }\n.a {\n  margin: 0;\n}")

    assert html == '<p class="a b unknown" style="margin: 0; color: red;">x</p>'
