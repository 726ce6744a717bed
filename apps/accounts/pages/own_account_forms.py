"""Fields of the pages about one's own account."""

from functools import lru_cache
from typing import Any

from django import forms

from apps.accounts.pages.forms import OwnPasswordForm
from apps.accounts.rules.locales import LOCALES
from apps.core.time_zones import known_zones

_AREAS = ("America", "Europe", "Australia", "Pacific", "Africa", "Asia", "Atlantic", "Indian", "Antarctica", "Arctic")


@lru_cache(maxsize=1)
def _zones() -> list[tuple[str, Any]]:
    """Return the zones people live in, by part of the world; the list is long, so browsers let it be typed into."""
    known = known_zones()
    groups = [(area, [(name, _town(name)) for name in sorted(known) if name.startswith(f"{area}/")]) for area in _AREAS]
    return [("UTC", "UTC"), *groups]


def _town(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ")


class ProfileForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(label="Time zone", help_text="The times in our emails are given in it.")
    locale = forms.ChoiceField(label="Dates and numbers", choices=list(LOCALES.items()))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        """Offer the zones, the person's own among them even where it is an unusual one."""
        super().__init__(*args, **kwargs)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        offered = _zones()
        known = {value for _, group in offered if isinstance(group, list) for value, _ in group} | {"UTC"}
        field.choices = offered if zone in known else [(zone, zone), *offered]


class NewEmailForm(OwnPasswordForm):
    email = forms.EmailField(
        label="New email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    field_order = ("email", "password")


class SureForm(OwnPasswordForm):
    sure = forms.BooleanField(label="I know that my places in firms end today and do not come back by themselves.")
    field_order = ("sure", "password")
