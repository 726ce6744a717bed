"""Shapes of what comes in and goes out."""

from typing import Any

from rest_framework import serializers

from apps.notifications.contracts import Category, Channel, Choice

# Named as in the settings' ENUM_NAME_OVERRIDES: several fields offer the same choices.
_CHOICES = [(choice.value, choice.name) for choice in Choice]


class NotificationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="stable, such as reports.report_ready")
    category = serializers.ChoiceField(choices=[category.value for category in Category])
    label = serializers.CharField(help_text="what preferences call this kind")  # type: ignore[assignment]  # the stubs know only `label=`
    title = serializers.CharField(help_text="one line, plain text")
    body = serializers.CharField(help_text="a few sentences, plain text")
    link = serializers.CharField(allow_blank=True, help_text="where it leads; empty: nowhere")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)


class PageSerializer(serializers.Serializer[Any]):
    """The frame of every page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class NotificationPageSerializer(PageSerializer):
    results = NotificationSerializer(many=True)


class UnreadSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="at most 99")
    is_more = serializers.BooleanField(help_text="true: there are more than `count`")


class ReadAllSerializer(serializers.Serializer[Any]):
    through = serializers.UUIDField(
        required=False, help_text="the youngest one seen; what came after it stays unread. Without it: all"
    )


class ReadAllAnswerSerializer(serializers.Serializer[Any]):
    marked = serializers.IntegerField(help_text="how many were unread before")


class CellSerializer(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(choices=[channel.value for channel in Channel])
    label = serializers.CharField()  # type: ignore[assignment]  # the stubs know only `label=`
    choice = serializers.ChoiceField(choices=_CHOICES)
    default = serializers.ChoiceField(choices=_CHOICES)
    choices = serializers.ListField(child=serializers.ChoiceField(choices=_CHOICES))
    may_change = serializers.BooleanField()


class LineSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the stubs know only `label=`
    may_change = serializers.BooleanField()
    channels = CellSerializer(many=True)


class GroupSerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(choices=[category.value for category in Category])
    label = serializers.CharField()  # type: ignore[assignment]  # the stubs know only `label=`
    text = serializers.CharField()
    kinds = LineSerializer(many=True)


class MatrixSerializer(serializers.Serializer[Any]):
    categories = GroupSerializer(many=True)


class ChangeSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(max_length=60)
    channel = serializers.CharField(max_length=10)
    choice = serializers.CharField(
        max_length=10, allow_null=True, help_text="one of the cell's `choices`; null: back to its default"
    )


class ChangesSerializer(serializers.Serializer[Any]):
    changes = serializers.ListField(child=ChangeSerializer(), max_length=500)


class QuietHoursInputSerializer(serializers.Serializer[Any]):
    starts_at = serializers.TimeField(format="%H:%M", help_text="local time, such as 22:00")
    ends_at = serializers.TimeField(format="%H:%M", help_text="local time; earlier than the start: the next morning")


class QuietHoursSerializer(serializers.Serializer[Any]):
    starts_at = serializers.TimeField(format="%H:%M", allow_null=True, help_text="null: no quiet hours")
    ends_at = serializers.TimeField(format="%H:%M", allow_null=True)
    zone = serializers.CharField(help_text="IANA name, from the person's profile")
    quiet_until = serializers.DateTimeField(allow_null=True, help_text="null: it is not quiet now")


class DigestInputSerializer(serializers.Serializer[Any]):
    hour = serializers.IntegerField(min_value=0, max_value=23, help_text="local")


class DigestSerializer(serializers.Serializer[Any]):
    hour = serializers.IntegerField(help_text="local")
    zone = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField(), help_text="gathered, by the preferences")
    next_at = serializers.DateTimeField(allow_null=True, help_text="null: nothing is gathered")


class DeliverySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the stubs know only `label=`
    channel = serializers.ChoiceField(choices=[channel.value for channel in Channel])
    channel_label = serializers.CharField()
    address = serializers.CharField(help_text="where it went, masked; empty: it has not gone anywhere")
    status = serializers.CharField()
    status_label = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class DeliveryPageSerializer(PageSerializer):
    results = DeliverySerializer(many=True)
