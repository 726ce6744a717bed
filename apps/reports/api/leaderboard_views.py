"""HTTP entrance of the leaderboard."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.views import FirmView
from apps.reports.api.address import named_as, parameters_of
from apps.reports.api.conversion_serializers import ConversionSerializer
from apps.reports.api.documented import CURRENCY, PERIOD
from apps.reports.api.figure_fields import FIGURE, written_figure
from apps.reports.api.query_parameters import read_leaderboard_question
from apps.reports.api.serializers import QualityFlagSerializer, ReportPeriodSerializer
from apps.reports.contracts.leaderboard import Leaderboard, LeaderboardRow
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.compute_leaderboard import RANKED_BY, compute_leaderboard


class LeaderboardRowSerializer(serializers.Serializer[Any]):
    place = serializers.IntegerField(
        allow_null=True, help_text="null: too few recorded hours, no figure, or too few people"
    )
    timekeeper_id = serializers.CharField(allow_null=True, help_text="Clio's; null where a name is stood in for")
    person = serializers.CharField(source="label", help_text="the name, or what stands for it")
    figure = serializers.SerializerMethodField(help_text="money is a decimal string")
    recorded_hours = serializers.FloatField()
    is_reader = serializers.BooleanField(help_text="one's own row")

    @extend_schema_field(FIGURE)
    def get_figure(self, row: LeaderboardRow) -> str | float | None:
        """Return the figure people are ranked by."""
        return written_figure(row.value, self.context["unit"])


class LeaderboardSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ready", "loading", "not_connected"])
    scope = serializers.CharField()
    metric = serializers.CharField()
    item = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField(source="unit.value")
    period = ReportPeriodSerializer()
    currency = serializers.CharField()
    minimum_hours = serializers.FloatField(help_text="recorded hours without which nobody is ranked")
    ranked = serializers.IntegerField(
        allow_null=True, help_text="people with a place, also those who are not shown; null: too few to tell places"
    )
    is_incomplete = serializers.BooleanField(
        help_text="Clio hides hours or money of somebody, or a rate to convert money by is missing: figures, or the "
        "hours it takes to be ranked, lack them"
    )
    conversion = ConversionSerializer(allow_null=True, help_text="null: nothing is converted")
    flags = QualityFlagSerializer(many=True, help_text="the exchange rates that are missing")
    rows = serializers.SerializerMethodField()

    @extend_schema_field(LeaderboardRowSerializer(many=True))
    def get_rows(self, board: Leaderboard) -> Any:
        """Return the people by their place."""
        return LeaderboardRowSerializer(board.rows, many=True, context={"unit": board.unit}).data


_QUESTION = [
    OpenApiParameter("metric", str, required=True, enum=list(RANKED_BY), description="What people are ranked by."),
    OpenApiParameter("item", str, description="An item of the metric; its first if left out."),
    PERIOD,
    CURRENCY,
]


class LeaderboardView(FirmView):
    @extend_schema(operation_id="firm_leaderboard", parameters=_QUESTION, responses={200: LeaderboardSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Rank the people in the caller's scope by a metric."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        with named_as({"metrics": "metric"}):
            board = compute_leaderboard(
                scope=as_merged(self.access.scope),
                question=read_leaderboard_question(parameters_of(request)),
                now=timezone.now(),
                permissions=self.access.permissions,
            )
        return Response(LeaderboardSerializer(board).data)
