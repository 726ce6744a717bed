"""The comparisons of a firm's mirror with Clio's own lists, below the firm's address."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.clio.api.health import DriftCountsOutput, DriftOutput
from apps.clio.queries.drift import find_comparison, list_comparisons, list_drift_of
from apps.core.views import FirmView


class ComparisonOutput(DriftCountsOutput):
    """A comparison, and what it found in all kinds of records together."""

    id = serializers.IntegerField(source="comparison_id")
    kind = serializers.CharField(help_text="nightly, weekly (everything), or asked for")
    state = serializers.CharField(help_text="running, done or failed")
    detail = serializers.CharField(help_text="why it failed, or empty")
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ComparisonsOutput(serializers.Serializer[object]):
    """Those of the last 90 days; all of them are on one page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ComparisonOutput(many=True)


class EntityDriftOutput(DriftOutput):
    """What a comparison found of one kind of records."""

    entity = serializers.CharField()


class ComparisonInFullOutput(ComparisonOutput):
    """A comparison, kind by kind; those it is not done with are left out."""

    entities = EntityDriftOutput(many=True)


class ComparisonsView(FirmView):
    """The firm's comparisons."""

    @extend_schema(operation_id="clio_comparisons_list", responses=ComparisonsOutput)
    def get(self, request: Request, **kwargs: object) -> Response:
        """Every comparison with Clio of the last 90 days, the youngest first."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **kwargs: object) -> Response:
        """Answer with all of them."""
        found = list_comparisons(firm_id=self.access.firm_id)
        return Response(ComparisonsOutput({"next": None, "previous": None, "results": found}).data)


class ComparisonView(FirmView):
    """One comparison."""

    @extend_schema(operation_id="clio_comparison_get", responses=ComparisonInFullOutput)
    def get(self, request: Request, **kwargs: object) -> Response:
        """What a comparison found, kind by kind."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **kwargs: Any) -> Response:
        """Answer in full, or 404."""
        firm_id, comparison_id = self.access.firm_id, kwargs["comparison_id"]
        found = find_comparison(firm_id=firm_id, comparison_id=comparison_id)
        entities = [
            {"entity": entity, **asdict(drift)}
            for entity, drift in list_drift_of(firm_id=firm_id, comparison_id=comparison_id).items()
        ]
        return Response(ComparisonInFullOutput({**asdict(found), "entities": entities}).data)
