"""Shapes of a firm's settings, people, keys and trail."""

import re
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.accounts.api.address_field import AddressField
from apps.accounts.api.agreed_field import AgreedVersionsSerializer
from apps.accounts.api.serializers import CURRENCIES, FirmSerializer
from apps.accounts.rules.proof_text import proof_text
from apps.accounts.rules.terms import DOCUMENTS
from apps.core.access import Extra, KeyScope
from apps.core.scope import Level, Role, ScopeKind
from apps.core.time_zones import known_zones

_LARGEST_ID = 2**63 - 1
_KPI_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ROLES, _SCOPES = [role.value for role in Role], [kind.value for kind in ScopeKind]
_EXTRAS, _LEVELS = [extra.value for extra in Extra], [level.value for level in Level]


class HolidaySerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    name = serializers.CharField(max_length=100, allow_blank=True, default="")


class FirmChangeSerializer(serializers.Serializer[Any]):
    """Every field may be left out; what is named is replaced as a whole."""

    name = serializers.CharField(max_length=200, required=False)
    time_zone = serializers.CharField(max_length=64, required=False, help_text="IANA name")
    currency = serializers.ChoiceField(choices=CURRENCIES, required=False, help_text="ISO 4217 code")
    fiscal_year_start_month = serializers.IntegerField(min_value=1, max_value=12, required=False)
    week_starts_on = serializers.ChoiceField(
        choices=[1, 7], required=False, help_text="ISO weekday: 1 Monday, 7 Sunday"
    )
    working_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7),
        min_length=1,
        max_length=7,
        required=False,
        help_text="ISO weekdays",
    )
    holidays = HolidaySerializer(many=True, required=False)
    daily_hours = serializers.DecimalField(
        max_digits=4, decimal_places=2, min_value=Decimal("0.01"), max_value=Decimal(24), required=False
    )
    own_work_includes_matters = serializers.BooleanField(
        required=False,
        help_text="who sees their own work sees matters they are responsible for or originated too",
    )
    targets = serializers.DictField(
        child=serializers.DecimalField(max_digits=18, decimal_places=6),
        required=False,
        help_text="a KPI's key -> its target",
    )

    def validate_time_zone(self, name: str) -> str:
        """Take only a zone this machine knows."""
        if name not in known_zones():
            raise serializers.ValidationError("Not a time zone of the IANA list, such as America/New_York.")
        return name

    def validate_working_days(self, days: list[int]) -> list[int]:
        """Take each day once, in the order of the week."""
        if len(set(days)) < len(days):
            raise serializers.ValidationError("A day is named twice.")
        return sorted(days)

    def validate_holidays(self, holidays: list[dict[str, Any]]) -> dict[str, str]:
        """Return them by date, each date once, as they are kept."""
        if len(holidays) > 500:
            raise serializers.ValidationError("At most 500 holidays.")
        by_date = {holiday["on"].isoformat(): holiday["name"] for holiday in holidays}
        if len(by_date) < len(holidays):
            raise serializers.ValidationError("A date is named twice.")
        return dict(sorted(by_date.items()))

    def validate_targets(self, targets: dict[str, Decimal]) -> dict[str, str]:
        """Return them as they are kept: decimals as text."""
        if len(targets) > 100:
            raise serializers.ValidationError("At most 100 targets.")
        strange = [key for key in targets if not _KPI_KEY.fullmatch(key)]
        if strange:
            raise serializers.ValidationError(dict.fromkeys(strange[:10], "Not the key of a KPI."))
        return {key: str(target) for key, target in sorted(targets.items())}


class FirmSettingsSerializer(FirmSerializer):
    working_days = serializers.ListField(child=serializers.IntegerField(), help_text="ISO weekdays")
    holidays = serializers.ListField(child=serializers.DateField())
    daily_hours = serializers.DecimalField(max_digits=4, decimal_places=2)
    own_work_includes_matters = serializers.BooleanField()
    targets = serializers.DictField(child=serializers.DecimalField(max_digits=18, decimal_places=6))


class TermsSerializer(serializers.Serializer[Any]):
    document = serializers.CharField()
    version = serializers.CharField(help_text="in force")
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_by = serializers.IntegerField(allow_null=True, help_text="a person's id")


class AcceptTermsSerializer(serializers.Serializer[Any]):
    document = serializers.ChoiceField(choices=sorted(DOCUMENTS))
    version = serializers.CharField(max_length=20)


class GrantSerializer(serializers.Serializer[Any]):
    """Inside a grant all conditions must hold; across grants any one is enough. Ids are Clio's."""

    practice_area_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_LARGEST_ID), max_length=500, default=list
    )
    timekeeper_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_LARGEST_ID), max_length=500, default=list
    )
    group_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_LARGEST_ID), max_length=500, default=list
    )
    client_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_LARGEST_ID), max_length=500, default=list
    )


class MemberChangeSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=_ROLES, required=False)
    scope = serializers.ChoiceField(choices=_SCOPES, required=False)
    grants = GrantSerializer(many=True, required=False)
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=_EXTRAS), max_length=20, required=False)
    level = serializers.ChoiceField(choices=_LEVELS, required=False, help_text="of a consultant")
    clio_user_id = serializers.IntegerField(
        min_value=1, max_value=_LARGEST_ID, allow_null=True, required=False, help_text="who they are in Clio"
    )
    hides_client_names = serializers.BooleanField(
        required=False, help_text="of a member or consultant: clients and matters by number instead of name"
    )

    def validate_grants(self, grants: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
        """Take at most fifty."""
        if len(grants) > 50:
            raise serializers.ValidationError("At most 50 grants.")
        return tuple(dict(grant) for grant in grants)

    def validate_permissions(self, permissions: list[str]) -> tuple[str, ...]:
        """Return each once."""
        return tuple(sorted(set(permissions)))


class InvitationInputSerializer(MemberChangeSerializer):
    email = AddressField(max_length=254)
    role = serializers.ChoiceField(choices=_ROLES)
    scope = serializers.ChoiceField(choices=_SCOPES)


class PlaceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    role = serializers.CharField()
    scope = serializers.CharField()
    grants = GrantSerializer(many=True)
    permissions = serializers.ListField(child=serializers.CharField(), help_text="granted beside the role")
    level = serializers.CharField(help_text="of a consultant, else empty")
    clio_user_id = serializers.IntegerField(allow_null=True)
    hides_client_names = serializers.BooleanField()


class MemberSerializer(PlaceSerializer):
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    status = serializers.CharField(help_text="active or suspended")
    status_reason = serializers.CharField()
    created_at = serializers.DateTimeField()


class SuspensionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="told to the person")


class OwnershipSerializer(serializers.Serializer[Any]):
    membership_id = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, help_text="who becomes the owner")


class OwnershipOfferSerializer(serializers.Serializer[Any]):
    from_membership_id = serializers.IntegerField(source="giver_id")
    from_person = serializers.CharField(source="giver.user.name")
    to_membership_id = serializers.IntegerField(source="taker_id")
    to_person = serializers.CharField(source="taker.user.name")
    offered_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InvitationSerializer(PlaceSerializer):
    email = serializers.EmailField()
    invited_by = serializers.CharField(source="invited_by.name", default="")
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InvitationTokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=100, help_text="the last part of the mailed link")


class InvitationOfferSerializer(serializers.Serializer[Any]):
    firm_name = serializers.CharField()
    inviter_name = serializers.CharField()
    email = serializers.EmailField()
    role = serializers.CharField()
    expires_at = serializers.DateTimeField()
    has_account = serializers.BooleanField(help_text="true: sign in to accept")


class AcceptAsNewSerializer(InvitationTokenSerializer):
    name = serializers.CharField(max_length=200)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, style={"input_type": "password"})
    agreed = AgreedVersionsSerializer()


class ClientFirmSerializer(serializers.Serializer[Any]):
    firm = FirmSerializer()
    level = serializers.CharField()
    scope = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())


class NewApiKeySerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[scope.value for scope in KeyScope]), min_length=1, max_length=10
    )
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=_EXTRAS), max_length=20, default=list)
    expires_at = serializers.DateTimeField(help_text="at most a year from now")


class ApiKeySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="what the key begins with")
    scopes = serializers.ListField(child=serializers.CharField())
    permissions = serializers.ListField(child=serializers.CharField())
    person = serializers.CharField(source="membership.user.name", help_text="as whom it reads")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="to the minute")
    last_used_ip = serializers.IPAddressField(allow_null=True)


class MadeApiKeySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="api_key_id")
    secret = serializers.CharField(help_text="the whole key, shown this once; send it as `Authorization: Bearer`")


class TrailQuerySerializer(serializers.Serializer[Any]):
    action = serializers.RegexField(
        r"^[a-z_]+\.[a-z_]*$", max_length=100, default="", help_text="one action, or `accounts.` for all of an app"
    )
    user_id = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, default=None)
    target = serializers.CharField(max_length=200, default="")
    since = serializers.DateTimeField(default=None)
    until = serializers.DateTimeField(default=None)


class TrailEntrySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    happened_at = serializers.DateTimeField()
    action = serializers.CharField()
    user_id = serializers.IntegerField(allow_null=True)
    person = serializers.CharField(source="user.name", default="")
    target = serializers.CharField()
    ip = serializers.IPAddressField(allow_null=True)
    request_id = serializers.CharField()
    details = serializers.JSONField()


class TrailPageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = TrailEntrySerializer(many=True)


class OnboardingStepSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    completed_at = serializers.DateTimeField(allow_null=True)


class ErasureSerializer(serializers.Serializer[Any]):
    requested_at = serializers.DateTimeField()
    erase_at = serializers.DateTimeField()
    requested_by = serializers.IntegerField(source="requested_by_id", allow_null=True)


class ErasureRequestSerializer(serializers.Serializer[Any]):
    firm_name = serializers.CharField(max_length=200, help_text="the firm's name, typed again")


class FirmExportSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    status = serializers.CharField(help_text="pending, ready or expired")
    records = serializers.IntegerField()
    size_bytes = serializers.IntegerField()
    requested_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class DocumentSerializer(serializers.Serializer[Any]):
    document = serializers.CharField()
    version = serializers.CharField(help_text="in force")
    title = serializers.CharField()
    in_force_since = serializers.DateField()
    address = serializers.URLField(help_text="where it is to be read")


class AgreementSerializer(serializers.Serializer[Any]):
    document = serializers.CharField()
    version = serializers.CharField()
    accepted_at = serializers.DateTimeField()


class ErasureProofSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    reference = serializers.CharField(source="__str__")
    firm = serializers.UUIDField(source="firm_public_id", help_text="the erased firm's former id")
    requested_at = serializers.DateTimeField()
    erased_at = serializers.DateTimeField()
    removed = serializers.DictField(child=serializers.IntegerField(), help_text="subject -> records removed")
    records = serializers.SerializerMethodField(help_text="records removed together")
    text = serializers.SerializerMethodField(help_text="what the digest is of")
    digest = serializers.CharField(help_text="SHA-256 of `text`; empty for erasures before there were digests")

    def get_records(self, proof: Any) -> int:
        """Add them up."""
        return sum(proof.removed.values())

    def get_text(self, proof: Any) -> str:
        """Return the facts as they were digested."""
        return proof_text(
            firm_public_id=proof.firm_public_id,
            requested_at=proof.requested_at,
            erased_at=proof.erased_at,
            removed=proof.removed,
        )


class TargetHoursInputSerializer(serializers.Serializer[Any]):
    timekeeper_id = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, help_text="Clio's id of the user")
    from_month = serializers.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", help_text="`2026-03`; holds until the next row")
    monthly_hours = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=Decimal(0), max_value=Decimal(744), help_text="0: no target any more"
    )


class TargetHoursSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    timekeeper_id = serializers.IntegerField()
    starts_on = serializers.DateField()
    monthly_hours = serializers.DecimalField(max_digits=6, decimal_places=2)
    set_at = serializers.DateTimeField()
