"""Shapes of what is wrong or missing in the records behind the figures."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.money import from_minor
from apps.reports.api.explanation_serializers import ToldRowSerializer
from apps.reports.contracts.quality import CheckKind, CheckResult, DailyCheck, Severity

CHECK_KINDS = [kind.value for kind in CheckKind]
_TENTH = Decimal("0.1")


class CheckResultSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    why = serializers.CharField(help_text="why it matters")
    to_do = serializers.CharField(help_text="how to mend it in Clio")
    severity = serializers.ChoiceField(
        choices=[severity.value for severity in Severity],
        help_text="wrong: it bends figures; incomplete: some figures lack the rows; odd: counted as it is",
    )
    count = serializers.IntegerField()
    of = serializers.IntegerField(allow_null=True, help_text="records looked at")
    touches = serializers.ListField(child=serializers.CharField(), help_text="metrics made from such records")
    percent_sound = serializers.SerializerMethodField(help_text="records without the fault, to 0.1")

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_percent_sound(self, result: CheckResult) -> float | None:
        """Return the share without the fault; null where there is nothing to take a share of."""
        if not result.of:
            return None
        return float((Decimal(100 * (result.of - result.count)) / result.of).quantize(_TENTH, ROUND_HALF_UP))


class EntityAgeSerializer(serializers.Serializer[Any]):
    entity = serializers.CharField()
    last_completed_at = serializers.DateTimeField(allow_null=True, help_text="last read to its end")
    age_seconds = serializers.IntegerField(allow_null=True)
    is_refused = serializers.BooleanField(help_text="Clio refuses it to the connected user")


class DailyCheckSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=CHECK_KINDS)
    checked_on = serializers.DateField()
    checked_at = serializers.DateTimeField()
    currency = serializers.CharField(help_text="of receivables; else empty")
    ours = serializers.SerializerMethodField(help_text="receivables by the ledger")
    clios = serializers.SerializerMethodField(help_text="balances of approved bills in Clio")
    explained = serializers.SerializerMethodField(help_text="of the difference: overpaid bills, future dates and so on")
    faults = serializers.IntegerField(help_text="records at fault; of receivables 1, if a rest is unexplained")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_ours(self, check: DailyCheck) -> str | None:
        """Return our sum."""
        return _money(check.ours, check.currency)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_clios(self, check: DailyCheck) -> str | None:
        """Return Clio's sum."""
        return _money(check.clios, check.currency)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_explained(self, check: DailyCheck) -> str | None:
        """Return what of the difference is explained."""
        return _money(check.explained, check.currency)


def _money(amount: int | None, currency: str) -> str | None:
    return None if amount is None else str(from_minor(amount, currency))


class QualityReportSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ready", "loading", "not_connected"])
    scope = serializers.CharField(help_text="whose records were looked at")
    last_synced_at = serializers.DateTimeField(source="data_as_of.last_synced_at", allow_null=True)
    mirror_version = serializers.IntegerField(source="data_as_of.mirror_version")
    checks = CheckResultSerializer(many=True)
    entities = EntityAgeSerializer(many=True)
    daily_checks = DailyCheckSerializer(source="daily", many=True, help_text="the last ones, of the whole firm")


class WorklistSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    check = CheckResultSerializer()
    results = ToldRowSerializer(many=True, source="rows", help_text="the youngest first")
