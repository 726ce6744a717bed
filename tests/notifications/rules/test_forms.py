"""A value has the form of its sample."""

import pytest

from apps.notifications.contracts import ContextValue
from apps.notifications.rules.forms import Form, form_of, has_form


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (True, Form.FLAG),
        (3, Form.NUMBER),
        ("2026-03-03T21:15:00+00:00", Form.INSTANT),
        ("2026-03-03T21:15:00Z", Form.INSTANT),
        ("2026-03-03T21:15:00", Form.TEXT),
        ("2026-03-03", Form.DAY),
        ("20260303", Form.TEXT),
        ("1250.00", Form.AMOUNT),
        ("-38.71", Form.AMOUNT),
        ("1,250.00", Form.TEXT),
        ("482913", Form.TEXT),
        ("https://app.smarterfirms.com/x?y=1", Form.ADDRESS),
        ("javascript:alert(1)", Form.TEXT),
        ("https://x y", Form.TEXT),
        ("Ash & Birch LLP", Form.TEXT),
        ("", Form.TEXT),
    ],
)
def test_form(value: ContextValue, form: Form):
    assert form_of(value) is form
    assert has_form(form, value)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (Form.NUMBER, True),
        (Form.FLAG, 1),
        (Form.TEXT, 1),
        (Form.DAY, "2026-02-30"),
        (Form.AMOUNT, "NaN"),
        (Form.DAY, 3),
    ],
)
def test_refuses_another_form(form: Form, value: object):
    assert not has_form(form, value)
