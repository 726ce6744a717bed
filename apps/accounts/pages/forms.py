"""Fields of the pages. What they mean is judged by the services; errors come back to the field they name."""

from typing import Any

from django import forms
from django.utils.html import format_html

from apps.accounts.rules.terms import DATA_PROCESSING, DOCUMENTS, PATHS, TERMS


def _password(label: str, use: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": use})
    return forms.CharField(label=label, max_length=1000, strip=False, widget=widget, **options)


def _email() -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"})
    return forms.EmailField(label="Email address", max_length=254, widget=widget)


def _code(label: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"})
    return forms.CharField(label=label, max_length=40, widget=widget)


class AgreeInput(forms.CheckboxInput):
    """A box whose value says which versions were on the page when it was ticked."""

    def __init__(self) -> None:
        super().__init__(attrs={"value": " ".join(DOCUMENTS.values())})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the versions as they came, nothing for an empty box."""
        return data.get(name, "")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Tick the box again when the form comes back."""
        context = super().get_context(name, None, attrs)
        context["widget"]["attrs"] |= {"checked": bool(value)}
        return context


class AgreedField(forms.CharField):
    """Agreement to the documents in force. Cleaned: document -> version, as it stood on the page."""

    widget = AgreeInput

    def __init__(self) -> None:
        super().__init__(
            label=format_html(
                'I agree to the <a href="{}">terms of service</a> and the <a href="{}">data-processing agreement</a>',
                PATHS[TERMS],
                PATHS[DATA_PROCESSING],
            ),
            max_length=60,
            error_messages={"required": "To open an account, agree to both documents."},
        )

    def clean(self, value: Any) -> dict[str, str]:
        """Return the versions agreed to; whether they are in force, the service judges."""
        versions = super().clean(value).split(" ")
        return dict(zip(DOCUMENTS, versions, strict=False))


class SignInForm(forms.Form):
    email = _email()
    password = _password("Password", "current-password")


class RegistrationForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = _email()
    password = _password("Password", "new-password", help_text="At least 12 characters; a few words are best.")
    agreed = AgreedField()


class AddressForm(forms.Form):
    email = _email()


class NewPasswordForm(forms.Form):
    password = _password("New password", "new-password", help_text="At least 12 characters; a few words are best.")


class NewMemberForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = _password("Password", "new-password", help_text="At least 12 characters; a few words are best.")
    agreed = AgreedField()


class NameForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    agreed = AgreedField()


class NameAndAddressForm(NameForm):
    email = _email()
    field_order = ("name", "email", "agreed")


class CodeForm(forms.Form):
    code = _code("Code")


class SecondStepForm(CodeForm):
    trust_device = forms.BooleanField(label="Do not ask for the second step on this device for 30 days", required=False)


class OwnPasswordForm(forms.Form):
    password = _password("Your password", "current-password", help_text="To be sure that it is you.")


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="Mobile number",
        max_length=40,
        help_text="With its country, such as +1 212 555 0100.",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    password = _password("Your password", "current-password", required=False)


class FactorForm(forms.Form):
    factor_code = _code("Code")


class FactorPasswordForm(forms.Form):
    factor_password = _password("Your password", "current-password")
