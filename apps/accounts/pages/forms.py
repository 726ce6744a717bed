"""Fields of the pages. What they mean is judged by the services; errors come back to the field they name."""

from typing import Any

from django import forms


def _password(label: str, use: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": use})
    return forms.CharField(label=label, max_length=1000, strip=False, widget=widget, **options)


def _email() -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"})
    return forms.EmailField(label="Email address", max_length=254, widget=widget)


def _code(label: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"})
    return forms.CharField(label=label, max_length=40, widget=widget)


class SignInForm(forms.Form):
    email = _email()
    password = _password("Password", "current-password")


class RegistrationForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = _email()
    password = _password("Password", "new-password", help_text="At least 12 characters; a few words are best.")


class AddressForm(forms.Form):
    email = _email()


class NewPasswordForm(forms.Form):
    password = _password("New password", "new-password", help_text="At least 12 characters; a few words are best.")


class NewMemberForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = _password("Password", "new-password", help_text="At least 12 characters; a few words are best.")


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
