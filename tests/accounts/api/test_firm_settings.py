"""A firm's profile, terms and checklist."""

from datetime import date
from decimal import Decimal

import pytest

from apps.accounts.models import TermsAcceptance
from apps.accounts.queries.firms import get_firm_profile
from apps.core.models import AuditEntry, Job
from apps.core.scope import Role
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user

pytestmark = pytest.mark.django_db
_CHANGES = {
    "name": "Ash, Birch & Cedar LLP",
    "time_zone": "Europe/London",
    "currency": "GBP",
    "fiscal_year_start_month": 4,
    "week_starts_on": 7,
    "working_days": [4, 1, 2, 3],
    "holidays": [{"on": "2026-12-25", "name": "Christmas Day"}, {"on": "2026-01-01"}],
    "daily_hours": "7.50",
    "targets": {"utilization": "0.750000"},
}


def _address(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}"


def test_what_is_set_is_computed_with_at_once(cast, api):
    answer = api(cast.owner).patch(_address(cast), _CHANGES, format="json")

    assert answer.status_code == 200
    with tenant(cast.firm.firm_id):
        profile = get_firm_profile(firm_id=cast.firm.firm_id)
    assert (profile.time_zone, profile.currency, profile.fiscal_year_start_month) == ("Europe/London", "GBP", 4)
    assert (profile.working_days, profile.daily_hours) == ((1, 2, 3, 4), Decimal("7.50"))
    assert profile.holidays == (date(2026, 1, 1), date(2026, 12, 25))
    assert profile.targets == {"utilization": Decimal("0.75")}
    assert answer.json() == api(cast.colleague).get(_address(cast)).json()


def test_only_what_is_named_changes(cast, api):
    before = api(cast.owner).get(_address(cast)).json()

    after = api(cast.owner).patch(_address(cast), {"currency": "CAD"}, format="json").json()

    assert after == {**before, "currency": "CAD"}


def test_the_change_is_in_the_trail_with_both_values_and_nothing_happens_twice(cast, api):
    for _ in range(2):
        api(cast.owner).patch(_address(cast), {"currency": "CAD"}, format="json")

    with tenant(cast.firm.firm_id):
        entry = AuditEntry.objects.get(action="accounts.firm_changed")
    assert (entry.user_id, entry.ip) == (cast.owner.pk, "127.0.0.1")
    assert entry.details == {"before": {"currency": "USD"}, "after": {"currency": "CAD"}}


def test_a_new_currency_has_the_ledger_rebuilt(cast, api, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        api(cast.owner).patch(_address(cast), {"currency": "CAD"}, format="json")

    with tenant(cast.firm.firm_id):
        assert Job.objects.filter(name="reports.rebuild_ledger", firm_id=cast.firm.firm_id).exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"currency": "XYZ"}, "/currency"),
        ({"fiscal_year_start_month": 13}, "/fiscal_year_start_month"),
        ({"week_starts_on": 3}, "/week_starts_on"),
        ({"working_days": []}, "/working_days"),
        ({"working_days": [1, 1]}, "/working_days"),
        ({"working_days": [0]}, "/working_days/0"),
        ({"working_days": "monday"}, "/working_days"),
        ({"holidays": [{"on": "2026-02-30"}]}, "/holidays/0/on"),
        ({"holidays": [{"on": "2026-02-03"}, {"on": "2026-02-03"}]}, "/holidays"),
        ({"daily_hours": "0"}, "/daily_hours"),
        ({"daily_hours": "24.01"}, "/daily_hours"),
        ({"daily_hours": "NaN"}, "/daily_hours"),
        ({"targets": {"No Key": "1"}}, "/targets/No Key"),
        ({"targets": {"utilization": "much"}}, "/targets/utilization"),
        ({"targets": [1]}, "/targets"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(cast, api, change, pointer):
    before = api(cast.owner).get(_address(cast)).json()

    answer = api(cast.owner).patch(_address(cast), {"currency": "CAD", **change}, format="json")

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {pointer}
    assert api(cast.owner).get(_address(cast)).json() == before


def test_the_terms_in_force_are_accepted_once_with_who_and_when(cast, api):
    address = f"{_address(cast)}/terms"
    document = {"document": "terms_of_service", "version": "1.0"}
    with tenant(cast.firm.firm_id):
        TermsAcceptance.objects.filter(firm_id=cast.firm.firm_id).delete()

    assert api(cast.owner).post(address, document, format="json").status_code == 204
    admin = make_user()
    join(admin, cast.firm, role=Role.ADMIN)
    assert api(admin).post(address, document, format="json").status_code == 204

    terms = {each["document"]: each for each in api(cast.colleague).get(address).json()}
    assert terms["terms_of_service"]["accepted_by"] == cast.owner.pk
    assert terms["data_processing_agreement"]["accepted_at"] is None


def test_a_version_that_is_not_in_force_is_refused(cast, api):
    document = {"document": "terms_of_service", "version": "0.9"}

    answer = api(cast.owner).post(f"{_address(cast)}/terms", document, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "accounts.terms_outdated")


def test_the_checklist_shows_what_is_done(cast, api):
    steps = api(cast.colleague).get(f"{_address(cast)}/onboarding").json()

    assert [(each["step"], each["completed_at"] is not None) for each in steps] == [
        ("account", True),
        ("firm", True),
        ("clio", False),
        ("plan", False),
    ]
