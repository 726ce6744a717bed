"""Shapes of closed months and of what has changed since. Money is a decimal string in the currency told."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.reports.api.explanation_serializers import ROW_KINDS, RowLinksSerializer, amount_text, row_words
from apps.reports.api.serializers import MonthStandingSerializer, ReportPeriodSerializer
from apps.reports.contracts import Unit
from apps.reports.contracts.closing import AdjustedSum, Adjustment, Adjustments, Change, MonthClose

_LONGEST_REASON = 500
CHANGES = [change.value for change in Change]


class CloseInputSerializer(serializers.Serializer[Any]):
    month = serializers.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", help_text="such as `2025-03`")

    def validate_month(self, text: str) -> date:
        """Return the month's first day."""
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError as error:
            raise serializers.ValidationError("There is no such month: take one such as 2025-03.") from error


class ReopenInputSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=_LONGEST_REASON, help_text="why; kept with the close and in the trail")


class CloseSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    month = serializers.DateField(help_text="its first day")
    version = serializers.IntegerField(help_text="1 for the month's first close")
    is_closed = serializers.SerializerMethodField(help_text="false: it was reopened")
    closed_at = serializers.DateTimeField()
    closed_on = serializers.DateField(help_text="the firm's day: money dated later does not count in it")
    mirror_version = serializers.IntegerField()
    row_count = serializers.IntegerField(help_text="rows that were kept")
    checksum = serializers.CharField(help_text="SHA-256 of them")
    is_sound = serializers.BooleanField(help_text="they still come to it, as looked at last")
    checked_at = serializers.DateTimeField(allow_null=True)
    reopened_at = serializers.DateTimeField(allow_null=True)
    reopen_reason = serializers.CharField()

    def get_is_closed(self, close: MonthClose) -> bool:
        """Tell whether it stands."""
        return close.reopened_at is None


class AdjustedSumSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit], allow_null=True)
    divisor = serializers.IntegerField(help_text="what amounts are divided by: hours are told in seconds, 3600")
    adds_up = serializers.BooleanField(help_text="the differences of all rows add up to the sum's; a median's do not")
    closed = serializers.SerializerMethodField(help_text="exact")
    now = serializers.SerializerMethodField(help_text="exact")
    difference = serializers.SerializerMethodField(help_text="now less closed")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_closed(self, each: AdjustedSum) -> str | None:
        """Return the total at the close."""
        return self._text(each.closed, each)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_now(self, each: AdjustedSum) -> str | None:
        """Return the total now."""
        return self._text(each.now, each)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_difference(self, each: AdjustedSum) -> str | None:
        """Return what has changed."""
        return None if each.now is None or each.closed is None else self._text(each.now - each.closed, each)

    def _text(self, amount: Decimal | None, each: AdjustedSum) -> str | None:
        return None if amount is None else amount_text(amount, each.unit, self.context["currency"])


class ReEnteredSerializer(serializers.Serializer[Any]):
    allocation_id = serializers.IntegerField(help_text="the other half: of a removed payment the new, or the reverse")
    settled_on = serializers.DateField()


class AdjustmentSerializer(serializers.Serializer[Any]):
    change = serializers.ChoiceField(choices=CHANGES)
    kind = serializers.ChoiceField(source="row.kind", choices=ROW_KINDS)
    id = serializers.IntegerField(source="row.row_id", help_text="Clio's; of a month: the person's")
    part = serializers.CharField(source="row.part", help_text="which of the rows of one id")
    words = serializers.SerializerMethodField(help_text="the row in words: what it is, its day, its bill or matter")
    detail = serializers.CharField(source="row.facts.detail")
    date = serializers.DateField(source="row.facts.day", allow_null=True)
    timekeeper_id = serializers.IntegerField(source="row.facts.timekeeper_id", allow_null=True)
    matter_id = serializers.IntegerField(source="row.facts.matter_id", allow_null=True)
    bill_id = serializers.IntegerField(source="row.facts.bill_id", allow_null=True)
    client_id = serializers.IntegerField(source="row.facts.client_id", allow_null=True, help_text="of a bill: who pays")
    labels = serializers.DictField(
        source="row.labels", child=serializers.CharField(), help_text="what the ids are called"
    )
    closed = serializers.SerializerMethodField(help_text="what it gave to each sum, exact, in its unit times divisor")
    now = serializers.SerializerMethodField(help_text="what it gives")
    difference = serializers.SerializerMethodField(help_text="now less closed")
    re_entered = ReEnteredSerializer(
        allow_null=True, help_text="the payment was deleted and entered again: same bill and amount, another id"
    )
    links = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_words(self, adjustment: Adjustment) -> str:
        """Return what a person knows the row by."""
        return row_words(adjustment.row)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_closed(self, adjustment: Adjustment) -> dict[str, str]:
        """Return what the row gave."""
        return self._told(adjustment.closed)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_now(self, adjustment: Adjustment) -> dict[str, str]:
        """Return what the row gives."""
        return self._told(adjustment.now)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_difference(self, adjustment: Adjustment) -> dict[str, str]:
        """Return what difference it makes."""
        now, closed, none = adjustment.now, adjustment.closed, Decimal(0)
        return self._told({key: now.get(key, none) - closed.get(key, none) for key in {**now, **closed}})

    @extend_schema_field(RowLinksSerializer)
    def get_links(self, adjustment: Adjustment) -> dict[str, str | None]:
        """Return where the row's record is."""
        row = adjustment.row
        return {"record": f"{self.context['base']}{row.record}" if row.record else None, "clio": row.page or None}

    def _told(self, amounts: Mapping[str, Decimal]) -> dict[str, str]:
        units: Mapping[str, Unit | None] = self.context["units"]
        return {key: amount_text(amount, units[key], self.context["currency"]) for key, amount in amounts.items()}


class AdjustmentsSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="the rows after these")
    previous = serializers.URLField(allow_null=True, help_text="the rows before these")
    results = serializers.SerializerMethodField(help_text="the rows that make the difference")
    status = serializers.ChoiceField(choices=["ready", "loading", "not_connected"])
    scope = serializers.CharField(help_text="whose rows the figure is from")
    period = ReportPeriodSerializer()
    closes = MonthStandingSerializer(many=True)
    currency = serializers.CharField()
    metric = serializers.CharField()
    item = serializers.CharField()
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    closed = serializers.SerializerMethodField(help_text="the figure as closed, rounded as answers have it")
    now = serializers.SerializerMethodField(help_text="the figure now")
    difference = serializers.SerializerMethodField(help_text="now less closed")
    sums = serializers.SerializerMethodField(help_text="what the figure is made of")

    @extend_schema_field(AdjustmentSerializer(many=True))
    def get_results(self, found: Adjustments) -> Any:
        """Return the rows of the page."""
        context = {
            "units": {each.key: each.unit for each in found.sums},
            "currency": found.currency,
            "base": self.context["base"],
        }
        return AdjustmentSerializer(found.rows, many=True, context=context).data

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_closed(self, found: Adjustments) -> str | None:
        """Return the closed figure as text."""
        return None if found.closed is None else str(found.closed)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_now(self, found: Adjustments) -> str | None:
        """Return the figure now as text."""
        return None if found.now is None else str(found.now)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_difference(self, found: Adjustments) -> str | None:
        """Return what the figures differ by."""
        return None if found.now is None or found.closed is None else str(found.now - found.closed)

    @extend_schema_field(AdjustedSumSerializer(many=True))
    def get_sums(self, found: Adjustments) -> Any:
        """Return the sums, exact."""
        return AdjustedSumSerializer(found.sums, many=True, context={"currency": found.currency}).data
