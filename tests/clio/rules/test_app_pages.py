"""Addresses of pages in Clio's own application."""

import pytest

from apps.clio.rules.app_pages import app_page


@pytest.mark.parametrize(
    ("kind", "clio_id", "address"),
    [
        ("bills", 7, "https://eu.app.clio.com/nc/#/bills/7"),
        ("matters", 2**40, "https://eu.app.clio.com/nc/#/matters/1099511627776"),
        ("activities", None, "https://eu.app.clio.com/nc/#/activities"),
    ],
)
def test_a_record_has_its_page_and_a_kind_its_list(kind: str, clio_id: int | None, address: str) -> None:
    assert app_page("https://eu.app.clio.com", kind, clio_id) == address
