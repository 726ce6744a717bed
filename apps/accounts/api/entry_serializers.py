"""Shapes of getting in: registration, sign-in, sessions, passwords."""

from typing import Any

from rest_framework import serializers

from apps.accounts.api.address_field import AddressField
from apps.accounts.api.agreed_field import AgreedVersionsSerializer
from apps.accounts.rules.methods import FACTORS, PASSWORD


def password_field(**options: Any) -> serializers.CharField:
    """Return a field that keeps every character as it was typed."""
    return serializers.CharField(
        max_length=1000, trim_whitespace=False, style={"input_type": "password"}, write_only=True, **options
    )


class RegistrationSerializer(serializers.Serializer[Any]):
    email = AddressField(max_length=254)
    name = serializers.CharField(max_length=200)
    password = password_field()
    agreed = AgreedVersionsSerializer()


class AddressSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)


class MailedTokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=100, help_text="from the address of the mailed link")


class CredentialsSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = password_field()
    device_token = serializers.CharField(
        max_length=100, required=False, allow_blank=True, default="", help_text="of a device trusted earlier"
    )


class TokenPairSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="15 minutes; send it as `Authorization: Bearer`")
    refresh = serializers.CharField(help_text="exchange it at /auth/refresh; each works once")


class SignedInSerializer(TokenPairSerializer):
    device_token = serializers.CharField(
        help_text="empty, or what this device shows at its next sign-in to skip the second step"
    )


class PendingSignInSerializer(serializers.Serializer[Any]):
    pending = serializers.CharField(source="token", help_text="5 minutes; it opens the second step and nothing else")
    methods = serializers.ListField(child=serializers.ChoiceField(choices=FACTORS))
    may_trust_device = serializers.BooleanField()


class PendingSerializer(serializers.Serializer[Any]):
    pending = serializers.CharField(max_length=2000)


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40)


class FactorProofSerializer(CodeSerializer):
    method = serializers.ChoiceField(choices=FACTORS)


class StepUpSerializer(serializers.Serializer[Any]):
    method = serializers.ChoiceField(choices=(*FACTORS, PASSWORD))
    code = serializers.CharField(max_length=40, required=False)
    password = password_field(required=False, help_text="of somebody who has no second step and need not have one")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take the one that belongs to the method, as `code`."""
        name = "password" if given["method"] == PASSWORD else "code"
        if not given.get(name):
            raise serializers.ValidationError(
                {name: serializers.ErrorDetail("This field is required.", code="required")}
            )
        return {"method": given["method"], "code": given[name]}


class SecondStepSerializer(FactorProofSerializer):
    pending = serializers.CharField(max_length=2000)
    trust_device = serializers.BooleanField(default=False)


class RefreshSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=4000)


class LogoutSerializer(serializers.Serializer[Any]):
    everywhere = serializers.BooleanField(default=False)


class SessionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    device = serializers.CharField()
    place = serializers.CharField(help_text="of the last use")
    ip = serializers.IPAddressField(allow_null=True)
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(help_text="to a quarter of an hour")
    expires_at = serializers.DateTimeField()
    is_current = serializers.BooleanField()
    is_two_factor = serializers.BooleanField()


class NewPasswordSerializer(MailedTokenSerializer):
    password = password_field()


class PasswordChangeSerializer(serializers.Serializer[Any]):
    current_password = password_field()
    new_password = password_field()


class OwnPasswordSerializer(serializers.Serializer[Any]):
    password = password_field(
        required=False, allow_blank=True, default="", help_text="asked of people without a second step"
    )


class NewPhoneSerializer(OwnPasswordSerializer):
    phone = serializers.CharField(max_length=40, help_text="with its country, such as +12125550100")


class FactorStateSerializer(serializers.Serializer[Any]):
    has_app = serializers.BooleanField()
    phone = serializers.CharField(help_text="the end of the number, or empty")
    recovery_codes_left = serializers.IntegerField()
    is_required = serializers.BooleanField()
    trusted_devices = serializers.IntegerField()


class NewAuthenticatorSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Base32, to be typed where no camera is at hand")
    uri = serializers.CharField(help_text="otpauth://")
    qr_svg = serializers.CharField(help_text="an SVG picture")


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    recovery_codes = serializers.ListField(child=serializers.CharField(), help_text="shown this once; may be empty")


class FirmSecuritySerializer(serializers.Serializer[Any]):
    demands_second_factor = serializers.BooleanField()
    trusts_devices = serializers.BooleanField(help_text="people may skip the second step on a device for 30 days")
