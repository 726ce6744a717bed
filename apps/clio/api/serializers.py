"""Shapes of the clio app's API."""

from typing import Any

from rest_framework import serializers

from apps.clio.rules.region_names import REGION_NAMES, US


class StartConnectionInput(serializers.Serializer[object]):
    region = serializers.ChoiceField(
        choices=list(REGION_NAMES), default=US, help_text="where the firm's Clio account is; one of those offered"
    )


class RegionOutput(serializers.Serializer[object]):
    """A region of Clio's in which a firm can be connected here."""

    region = serializers.CharField()
    name = serializers.CharField()


class ConnectStartOutput(serializers.Serializer[object]):
    authorize_url = serializers.URLField()
    expires_at = serializers.DateTimeField()


class ConnectionOutput(serializers.Serializer[object]):
    status = serializers.CharField()
    region = serializers.CharField()
    clio_account_id = serializers.IntegerField()
    clio_account_name = serializers.CharField()
    clio_user_name = serializers.CharField()
    connected_at = serializers.DateTimeField()
    status_changed_at = serializers.DateTimeField()


class RequestSyncInput(serializers.Serializer[object]):
    """What changed, unless more is asked for: everything, all of one entity, or one record of it."""

    full = serializers.BooleanField(default=False, help_text="read everything again")
    entity = serializers.CharField(
        default="", allow_blank=True, max_length=60, help_text="read all of this entity again, such as `bills`"
    )
    record_id = serializers.CharField(
        default="", allow_blank=True, max_length=40, help_text="read only this record of the entity, by Clio's id"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A record belongs to an entity, and one entity is not everything."""
        if attrs["record_id"] and not attrs["entity"]:
            raise serializers.ValidationError({"entity": "Name the entity the record belongs to."})
        if attrs["full"] and attrs["entity"]:
            raise serializers.ValidationError({"full": "Ask for everything or for one entity, not both."})
        return attrs


class EntityProgressOutput(serializers.Serializer[object]):
    entity = serializers.CharField()
    state = serializers.CharField()
    records = serializers.IntegerField()
    expected = serializers.IntegerField(allow_null=True)
    changed = serializers.IntegerField()
    pages = serializers.IntegerField()
    records_per_second = serializers.FloatField(allow_null=True)
    eta_seconds = serializers.IntegerField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    detail = serializers.CharField()


class SyncRunOutput(serializers.Serializer[object]):
    run_id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()
    detail = serializers.CharField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    goes_on_at = serializers.DateTimeField(allow_null=True)
    records = serializers.IntegerField()
    worked_seconds = serializers.FloatField()
    eta_seconds = serializers.IntegerField(
        allow_null=True, help_text="until the run's end by its pace so far, pauses for Clio's limit included"
    )
    entities = EntityProgressOutput(many=True)


class SyncOutput(serializers.Serializer[object]):
    """The mirror as a whole and the latest run. `data_as_of` is null until every entity was read once or refused."""

    data_as_of = serializers.DateTimeField(allow_null=True)
    is_complete = serializers.BooleanField()
    refused = serializers.ListField(child=serializers.CharField(), help_text="entities Clio did not let us read")
    records = serializers.IntegerField()
    mirrored = serializers.DictField(child=serializers.IntegerField(), help_text="records of each completed entity")
    run = SyncRunOutput(allow_null=True)
