"""What the logs leave out."""

import io
import logging
import logging.config

import pytest

from smarterfirms.settings.logs import logging_settings


@pytest.fixture
def lines():
    """Return what a logger's warning becomes as a line of the product's log."""
    formatter = logging_settings(level="INFO", as_json=True)["formatters"]["lines"]

    def log(name: str, message: str, *values: object) -> str:
        made = formatter["()"](foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"])
        out = io.StringIO()
        handler = logging.StreamHandler(out)
        handler.setFormatter(made)
        handler.handle(logging.LogRecord(name, logging.ERROR, __file__, 1, message, values, None))
        return out.getvalue()

    return log


def test_a_part_of_a_path_that_may_be_a_secret_is_masked_in_what_django_says(lines):
    token = "kRz0_a-token_that-nobody-can-guess-1234567"

    line = lines("django.request", "%s: %s", "Internal Server Error", f"/webhooks/clio/{token}")

    assert token not in line
    assert "/webhooks/clio/..." in line


def test_other_words_stay(lines):
    assert "/api/v1/firms" in lines("django.request", "%s: %s", "Internal Server Error", "/api/v1/firms")
