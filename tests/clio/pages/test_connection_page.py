"""The connection to Clio on a page."""

import pytest

from apps.clio.models import ClioConnection
from apps.core.tenancy import tenant
from tests.accounts.entering import browser_of

pytestmark = pytest.mark.django_db


def _page(cast) -> str:
    answer = browser_of(cast.colleague).get(f"/firm/clio?firm={cast.firm.public_id}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_says_whose_account_it_is_and_that_the_first_sync_runs(cast, firm):
    page = _page(cast)

    with tenant(firm.firm_id):
        assert ClioConnection.objects.get().clio_account_name in page
    assert ">connected<" in page
    assert "the first sync is not done yet" in page


def test_says_that_clio_withdrew_the_access(cast, firm):
    with tenant(firm.firm_id):
        ClioConnection.objects.update(status=ClioConnection.Status.REVOKED)

    assert "Clio withdrew our access" in _page(cast)


def test_says_that_nothing_is_connected(cast):
    assert "not connected to Clio yet" in _page(cast)
