"""Fields of a firm's pages. What they mean is judged by the services; errors come back to the field they name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms

from apps.accounts.contracts import Place
from apps.accounts.rules.grant_lines import GrantLineNotUnderstood, read_grants, write_grants
from apps.core.access import Extra, KeyScope
from apps.core.scope import Level, Role, ScopeKind

ROLES = [
    (Role.MEMBER.value, "Member"),
    (Role.ADMIN.value, "Admin"),
    (Role.OWNER.value, "Owner"),
    (Role.CONSULTANT.value, "Consultant"),
]
SCOPES = [
    (ScopeKind.SELF.value, "Their own work"),
    (ScopeKind.SUBSET.value, "Parts of the firm, named below"),
    (ScopeKind.WHOLE_FIRM.value, "The whole firm"),
]
LEVELS = [
    ("", "Not a consultant"),
    (Level.READ_ONLY.value, "Read-only: looks at figures, changes nothing"),
    (Level.LIMITED.value, "Limited: as a member"),
    (Level.FULL.value, "Full: sees what an admin sees"),
]
EXTRAS = [
    (Extra.RATES.value, "Rates"),
    (Extra.COST_AND_PROFIT.value, "Cost and profit"),
    (Extra.TRUST.value, "Trust money"),
    (Extra.NAMES.value, "Other people's names"),
    (Extra.EXPORTS.value, "Exports"),
    (Extra.SCHEDULES_TO_OTHERS.value, "Schedules to others"),
    (Extra.API_KEYS.value, "API keys"),
]
KEY_SCOPES = [
    (KeyScope.FIGURES.value, "Figures"),
    (KeyScope.RECORDS.value, "Records"),
    (KeyScope.FIRM.value, "The firm's settings"),
]
_LARGEST_ID = 2**63 - 1


class PlaceForm(forms.Form):
    """What somebody is in the firm."""

    role = forms.ChoiceField(label="Role", choices=ROLES)
    scope = forms.ChoiceField(label="Sees", choices=SCOPES)
    level = forms.ChoiceField(label="Consultant's level", choices=LEVELS, required=False)
    clio_user_id = forms.IntegerField(
        label="Number of their Clio user", min_value=1, max_value=_LARGEST_ID, required=False
    )
    grants = forms.CharField(
        label="Parts of the firm",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One part a line, by Clio's numbers, such as: areas 12 15; people 7. "
        "On a line all must hold; any one line is enough. Words: areas, people, groups, clients.",
    )
    permissions = forms.MultipleChoiceField(
        label="Besides, they may see or do", choices=EXTRAS, required=False, widget=forms.CheckboxSelectMultiple
    )

    hides_client_names = forms.BooleanField(
        label="Hide clients' names: they see numbers instead of clients and matters", required=False
    )

    def clean_grants(self) -> tuple[dict[str, list[int]], ...]:
        """Return them as the services take them."""
        try:
            return read_grants(self.cleaned_data["grants"])
        except GrantLineNotUnderstood as error:
            raise forms.ValidationError(str(error), code="grants") from error

    def place_fields(self) -> dict[str, Any]:
        """Return what was chosen, by the names of Place's fields."""
        chosen = {name: self.cleaned_data[name] for name in PlaceForm.base_fields}
        return chosen | {"permissions": tuple(sorted(chosen["permissions"]))}


class InviteForm(PlaceForm):
    email = forms.EmailField(
        label="Email address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "role", "scope", "level", "clio_user_id", "grants", "permissions", "hides_client_names")


class SuspendForm(forms.Form):
    reason = forms.CharField(label="Reason, told to the person", max_length=200, required=False)


class KeyForm(forms.Form):
    name = forms.CharField(
        label="What it is for", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    ends_on = forms.DateField(label="Works until", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    scopes = forms.MultipleChoiceField(label="It may read", choices=KEY_SCOPES, widget=forms.CheckboxSelectMultiple)
    permissions = forms.MultipleChoiceField(
        label="Besides, as far as you may yourself", choices=EXTRAS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def expires_at(self) -> datetime:
        """Return the end of the chosen day in UTC."""
        day: date = self.cleaned_data["ends_on"]
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


class FirmNameForm(forms.Form):
    firm_name = forms.CharField(
        label="Type the firm's name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def form_of_place(place: Place) -> PlaceForm:
    """Return the form filled with what a member is."""
    return PlaceForm(
        initial={
            "role": place.role,
            "scope": place.scope,
            "level": place.level,
            "clio_user_id": place.clio_user_id,
            "grants": write_grants(place.grants),
            "permissions": list(place.permissions),
            "hides_client_names": place.hides_client_names,
        }
    )
