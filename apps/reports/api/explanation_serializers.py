"""Shapes of explanations. Money is a decimal string in the explanation's currency."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.money import minor_digits
from apps.reports.api.answer_serializers import MetricSerializer
from apps.reports.api.conversion_serializers import ConversionSerializer
from apps.reports.api.serializers import QualityFlagSerializer, ReportPeriodSerializer
from apps.reports.contracts import Mode, Unit
from apps.reports.contracts.conversion import Original
from apps.reports.contracts.explanation import AppliedFilter, ExplainedRow, ExplainedSum, Explanation, Role, RowKind
from apps.reports.contracts.quality import FaultyRow
from apps.reports.metrics.catalogue import BY_NAME

ROW_KINDS = [kind.value for kind in RowKind]


class AppliedFilterSerializer(serializers.Serializer[Any]):
    dimension = serializers.CharField()
    values = serializers.SerializerMethodField(help_text="null is none")
    labels = serializers.ListField(child=serializers.CharField())

    @extend_schema_field(serializers.ListField(child=serializers.CharField(allow_null=True)))
    def get_values(self, applied: AppliedFilter) -> list[str | None]:
        """Return the values as text, as answers have them."""
        return [None if value is None else str(value) for value in applied.values]


class ExplainedSumSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    role = serializers.ChoiceField(
        choices=[role.value for role in Role],
        help_text="added up; over or under the bar; the value itself; hidden: rows met that could not be counted",
    )
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit], allow_null=True)
    divisor = serializers.IntegerField(help_text="what amounts are divided by: hours are told in seconds, 3600")
    row_kind = serializers.ChoiceField(source="kind", choices=ROW_KINDS, allow_null=True)
    total = serializers.SerializerMethodField(help_text="exact; the contributions of all rows add up to it")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_total(self, explained: ExplainedSum) -> str | None:
        """Return the exact total."""
        return None if explained.total is None else exact_text(explained.total, explained, self.context["currency"])


class RowLinksSerializer(serializers.Serializer[Any]):
    record = serializers.CharField(allow_null=True, help_text="our copy of the record")
    clio = serializers.CharField(allow_null=True, help_text="Clio's own page nearest to it")


class ToldRowSerializer(serializers.Serializer[Any]):
    """A row of the ledger, what it is about and where its record is."""

    kind = serializers.ChoiceField(
        choices=ROW_KINDS,
        help_text="others: several rows in one that the reader may see as a sum only, of a bill or matter if told",
    )
    id = serializers.IntegerField(source="row_id", help_text="Clio's; of a day or a month: the person's")
    part = serializers.CharField(help_text="which of the rows of one id")
    words = serializers.SerializerMethodField(help_text="the row in words: what it is, its day, its bill or matter")
    detail = serializers.CharField(source="facts.detail")
    date = serializers.DateField(source="facts.day", allow_null=True)
    timekeeper_id = serializers.IntegerField(source="facts.timekeeper_id", allow_null=True)
    matter_id = serializers.IntegerField(source="facts.matter_id", allow_null=True)
    bill_id = serializers.IntegerField(source="facts.bill_id", allow_null=True)
    client_id = serializers.IntegerField(source="facts.client_id", allow_null=True, help_text="of a bill: who pays")
    labels = serializers.DictField(child=serializers.CharField(), help_text="what the ids are called")
    links = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_words(self, row: ExplainedRow | FaultyRow) -> str:
        """Return what a person knows the row by."""
        return row_words(row)

    @extend_schema_field(RowLinksSerializer)
    def get_links(self, row: ExplainedRow | FaultyRow) -> dict[str, str | None]:
        """Return where the row's record is."""
        base = self.context["base"]
        return {"record": f"{base}{row.record}" if row.record else None, "clio": row.page or None}


class OriginalSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    amounts = serializers.SerializerMethodField(help_text="by sum, exact, as `contributions`, in this currency")
    converted_on = serializers.DateField(allow_null=True, help_text="the day whose rate it took; null: not converted")
    rate_since = serializers.DateField(allow_null=True, help_text="the day from which the firm keeps that rate")
    rate = serializers.SerializerMethodField(help_text="what one unit of it was worth; null: not converted")

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_amounts(self, original: Original) -> dict[str, str]:
        """Return what it was before."""
        sums: dict[str, ExplainedSum] = self.context["sums"]
        return {key: amount_text(amount, sums[key].unit, original.currency) for key, amount in original.amounts.items()}

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_rate(self, original: Original) -> str | None:
        """Return the rate with the digits it was kept with."""
        return None if original.rate is None else f"{original.rate.normalize():f}"


class ExplainedRowSerializer(ToldRowSerializer):
    contributions = serializers.SerializerMethodField(help_text="by sum, exact, in its unit times its divisor")
    originals = serializers.SerializerMethodField(
        help_text="of a converted figure: what the row was before; none of rows that stand for others"
    )

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_contributions(self, row: ExplainedRow) -> dict[str, str]:
        """Return what the row gives to each sum."""
        sums: Mapping[str, ExplainedSum] = self.context["sums"]
        currency = self.context["currency"]
        return {key: exact_text(amount, sums[key], currency) for key, amount in row.contributions.items()}

    @extend_schema_field(OriginalSerializer(many=True))
    def get_originals(self, row: ExplainedRow) -> Any:
        """Return what the row was before it was converted."""
        return OriginalSerializer(row.originals, many=True, context=self.context).data


class TieOutReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    amount = serializers.CharField()


class TieOutSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(help_text="Clio's figure")
    ours = serializers.CharField()
    clios = serializers.CharField()
    difference = serializers.CharField(help_text="ours less Clio's: the reasons and the unexplained rest")
    reasons = serializers.SerializerMethodField()
    unexplained = serializers.CharField()

    @extend_schema_field(TieOutReasonSerializer(many=True))
    def get_reasons(self, tie_out: Any) -> list[dict[str, str]]:
        """Return what explains the difference, with amounts."""
        return [{"reason": reason, "amount": str(amount)} for reason, amount in tie_out.reasons.items()]


class ExplanationSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="the rows after these")
    previous = serializers.URLField(allow_null=True, help_text="the rows before these")
    results = serializers.SerializerMethodField(help_text="the rows behind the figure")
    status = serializers.ChoiceField(choices=["ready", "loading", "not_connected"])
    scope = serializers.CharField(help_text="whose rows the figure is from")
    mode = serializers.ChoiceField(choices=[mode.value for mode in Mode], help_text="the knowledge mode")
    period = ReportPeriodSerializer(help_text="the cell's own")
    currency = serializers.CharField()
    conversion = ConversionSerializer(allow_null=True, help_text="null: nothing is converted")
    last_synced_at = serializers.DateTimeField(source="data_as_of.last_synced_at", allow_null=True)
    mirror_version = serializers.IntegerField(source="data_as_of.mirror_version")
    metric = serializers.SerializerMethodField(help_text="the definition")
    item = serializers.CharField()
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    value = serializers.SerializerMethodField("get_figure", help_text="the answer's figure, always as text")
    filters = AppliedFilterSerializer(many=True, help_text="what narrows it: the question's filters and the row's keys")
    sums = serializers.SerializerMethodField(help_text="what the figure is made of")
    tie_out = TieOutSerializer(
        allow_null=True,
        help_text="Clio's own figure of the same name, where there is one; never beside a converted figure",
    )
    incomplete = serializers.BooleanField(
        help_text="it met hidden rows or rows without an exchange rate, or lacks what Clio refuses"
    )
    flags = QualityFlagSerializer(many=True)

    @extend_schema_field(ExplainedRowSerializer(many=True))
    def get_results(self, explanation: Explanation) -> Any:
        """Return the rows of the page."""
        context = {
            "sums": {each.key: each for each in explanation.sums},
            "currency": explanation.currency,
            "base": self.context["base"],
        }
        return ExplainedRowSerializer(explanation.rows, many=True, context=context).data

    @extend_schema_field(MetricSerializer)
    def get_metric(self, explanation: Explanation) -> Any:
        """Return the metric's declaration."""
        return MetricSerializer(BY_NAME[explanation.metric]).data

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_figure(self, explanation: Explanation) -> str | None:
        """Return the figure as text."""
        return None if explanation.value is None else str(explanation.value)

    @extend_schema_field(ExplainedSumSerializer(many=True))
    def get_sums(self, explanation: Explanation) -> Any:
        """Return the sums with their exact totals."""
        context = {"currency": explanation.currency}
        return ExplainedSumSerializer(explanation.sums, many=True, context=context).data


def row_words(row: ExplainedRow | FaultyRow) -> str:
    """Return what a person knows a row by: `Payment fee, 2025-03-24, bill 1023, 00012-Smith`."""
    what = (row.facts.detail or row.kind).replace("_", " ")
    bill = row.labels.get("bill", "")
    of = [bill if not bill or bill.lower().startswith("bill ") else f"bill {bill}"]
    of += [row.labels.get("matter") or row.labels.get("client") or "", row.labels.get("timekeeper", "")]
    day = str(row.facts.day) if row.facts.day else ""
    return ", ".join(word for word in (f"{what[:1].upper()}{what[1:]}", day, *of) if word)


def exact_text(amount: Decimal, explained: ExplainedSum, currency: str) -> str:
    """Return an amount with every digit it has; money has at least its currency's."""
    return amount_text(amount, explained.unit, currency)


def amount_text(amount: Decimal, unit: Unit | None, currency: str) -> str:
    """Return an amount of a unit with every digit it has; money has at least its currency's."""
    text = f"{amount:f}"
    whole, _, digits = text.partition(".")
    least = minor_digits(currency) if unit is Unit.MONEY else 0
    digits = digits.rstrip("0").ljust(least, "0")
    return f"{whole}.{digits}" if digits else whole
