"""Names are found wherever a template can look one up."""

import pytest
from django.template import Engine

from apps.notifications.rendering.names import names_in


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("plain words", set()),
        ("{{ name }}", {"name"}),
        ("{{ name|default:other }}", {"name", "other"}),
        ("{{ firm.owner.name }}", {"firm.owner.name"}),
        ("{% if a and not b or c > d %}{{ e }}{% elif f %}{{ g }}{% else %}{{ h }}{% endif %}", set("abcdefgh")),
        ("{% for x in items %}{{ x }}{{ forloop.counter }}{{ y }}{% empty %}{{ z }}{% endfor %}", {"items", "y", "z"}),
        ("{% with total=amount %}{{ total }}{{ unit }}{% endwith %}", {"amount", "unit"}),
        (
            '{% include "notifications/layout/button.html" with label="Go" address=where only %}',
            {"where"},
        ),
        ('{% extends "notifications/layout/mail.html" %}{% block content %}{{ inside }}{% endblock %}', {"inside"}),
    ],
)
def test_names(source: str, names: set[str]):
    assert names_in(Engine().from_string(source)) == names
