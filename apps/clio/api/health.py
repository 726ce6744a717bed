"""The firm's health with Clio below a firm's address: in full for administrators, in a sentence for members."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.clio.services.accept_missing import accept_missing
from apps.clio.services.describe_health import describe_health
from apps.core.access import ADMINISTRATORS
from apps.core.idempotency import idempotent
from apps.core.permissions import caller
from apps.core.views import FirmView


class ConcernOutput(serializers.Serializer[object]):
    """Something that is not well, what it means, and what helps."""

    kind = serializers.CharField()
    is_serious = serializers.BooleanField(help_text="numbers are wrong, or stand still")
    title = serializers.CharField()
    advice = serializers.CharField()
    count = serializers.IntegerField()


class DriftCountsOutput(serializers.Serializer[object]):
    """What a comparison with Clio's own list found, counted."""

    known = serializers.IntegerField(help_text="records that were compared")
    gone = serializers.IntegerField(help_text="no longer in Clio, and marked so")
    held = serializers.IntegerField(help_text="no longer shown by Clio, and kept since they may be hidden")
    extra = serializers.IntegerField(help_text="in Clio and not here")
    stale = serializers.IntegerField(help_text="different in Clio")
    back = serializers.IntegerField(help_text="shown again by Clio")
    missed = serializers.IntegerField(help_text="of extra and stale, what a sync should have brought")
    mended = serializers.IntegerField(help_text="read anew")


class DriftOutput(DriftCountsOutput):
    """What the last comparison of these records with Clio's own list found."""

    checked_at = serializers.DateTimeField()
    is_whole = serializers.BooleanField(help_text="all of them, not only open matters and 120 days of money")
    state = serializers.CharField(help_text="done, unsure (Clio's list was cut short), or refused")
    detail = serializers.CharField()


class EntityHealthOutput(serializers.Serializer[object]):
    entity = serializers.CharField()
    title = serializers.CharField(source="label", help_text="its name for people")
    records = serializers.IntegerField()
    last_success_at = serializers.DateTimeField(allow_null=True)
    lag_seconds = serializers.IntegerField(allow_null=True, help_text="age of what is shown")
    refused = serializers.CharField(help_text="why Clio does not give them, or empty")
    held = serializers.IntegerField(help_text="kept although Clio no longer shows them")
    drift = DriftOutput(allow_null=True)


class WebhookHealthOutput(serializers.Serializer[object]):
    model = serializers.CharField()
    state = serializers.CharField()
    detail = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_heard_at = serializers.DateTimeField(allow_null=True)
    waiting = serializers.IntegerField()


class PaceOutput(serializers.Serializer[object]):
    """How Clio may be asked at the moment."""

    is_answering = serializers.BooleanField()
    probes_in_seconds = serializers.FloatField()
    allowed_per_minute = serializers.IntegerField()
    remaining = serializers.IntegerField()
    window_ends_in_seconds = serializers.FloatField()


class HealthDetailOutput(serializers.Serializer[object]):
    """What administrators see beside the summary."""

    run_state = serializers.CharField()
    run_reason = serializers.CharField()
    run_detail = serializers.CharField()
    goes_on_at = serializers.DateTimeField(allow_null=True)
    pace = PaceOutput(allow_null=True)
    webhooks = WebhookHealthOutput(many=True)
    webhooks_detail = serializers.CharField(help_text="why there are none, or empty")
    next_comparison_at = serializers.DateTimeField(allow_null=True)
    concerns = ConcernOutput(many=True)
    entities = EntityHealthOutput(many=True)


class HealthOutput(serializers.Serializer[object]):
    """Whether the numbers are what Clio has. `detail` is null for who is no administrator."""

    is_well = serializers.BooleanField()
    summary = serializers.CharField()
    connection = serializers.SerializerMethodField()
    data_as_of = serializers.DateTimeField(source="sync.data_as_of", allow_null=True)
    lag_seconds = serializers.IntegerField(allow_null=True)
    detail = serializers.SerializerMethodField()

    def get_connection(self, health: object) -> str | None:
        """Return the connection's status, or null if there never was one."""
        status_now: str | None = getattr(getattr(health, "connection", None), "status", None)
        return status_now

    @extend_schema_field(HealthDetailOutput(allow_null=True))
    def get_detail(self, health: object) -> dict[str, object] | None:
        """Return what administrators see."""
        return dict(HealthDetailOutput(health).data) if self.context["is_administrator"] else None


class AcceptMissingInput(serializers.Serializer[object]):
    entity = serializers.CharField(max_length=60, help_text="such as `activities`")


class AcceptMissingOutput(serializers.Serializer[object]):
    entity = serializers.CharField()
    accepted = serializers.IntegerField(
        help_text="records that will be marked as gone unless Clio shows them after all"
    )


class HealthView(FirmView):
    """How the mirror of Clio is."""

    @extend_schema(operation_id="clio_health_get", responses=HealthOutput)
    def get(self, request: Request, **kwargs: object) -> Response:
        """Whether the numbers are what Clio has, what is not well, and what helps."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **kwargs: object) -> Response:
        """Answer in full for administrators, with the summary for everybody else."""
        health = describe_health(firm_id=self.access.firm_id, now=timezone.now())
        sees_all = self.access.role in ADMINISTRATORS
        return Response(HealthOutput(health, context={"is_administrator": sees_all}).data)


class HeldView(FirmView):
    """Records that Clio no longer shows and that are kept, since they may only be hidden."""

    @extend_schema(operation_id="clio_held_accept", request=AcceptMissingInput, responses={202: AcceptMissingOutput})
    @idempotent
    def post(self, request: Request, **kwargs: object) -> Response:
        """Say that they were deleted in Clio: they are asked for once more, and then marked as gone."""
        wanted = AcceptMissingInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        entity = wanted.validated_data["entity"]
        count = accept_missing(firm_id=self.access.firm_id, actor_id=caller(request).user_id, entity=entity)
        answer = AcceptMissingOutput({"entity": entity, "accepted": count})
        return Response(answer.data, status=status.HTTP_202_ACCEPTED)
