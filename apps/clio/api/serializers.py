"""Shapes of the clio app's API."""

from rest_framework import serializers


class StartConnectionInput(serializers.Serializer[object]):
    region = serializers.ChoiceField(choices=["us", "ca", "eu", "au"], default="us")


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
    full = serializers.BooleanField(default=False)


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
    entities = EntityProgressOutput(many=True)


class SyncOutput(serializers.Serializer[object]):
    """The mirror as a whole and the latest run. `data_as_of` is null until every entity was read once or refused."""

    data_as_of = serializers.DateTimeField(allow_null=True)
    is_complete = serializers.BooleanField()
    refused = serializers.ListField(child=serializers.CharField(), help_text="entities Clio did not let us read")
    records = serializers.IntegerField()
    mirrored = serializers.DictField(child=serializers.IntegerField(), help_text="records of each completed entity")
    run = SyncRunOutput(allow_null=True)
