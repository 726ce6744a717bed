"""The subscription on a page."""

import pytest

from tests.accounts.entering import browser_of

pytestmark = pytest.mark.django_db


def test_says_how_much_of_the_trial_is_left(cast):
    answer = browser_of(cast.colleague).get(f"/firm/billing?firm={cast.firm.public_id}")

    assert answer.status_code == 200
    assert "Trial, 14 days left" in answer.content.decode()
    assert "None chosen yet" in answer.content.decode()
