"""What became of mirrored records: the keys that moved, and the former values that count."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from apps.clio.models.columns import day, document, identifier, instant, text


class MirrorChange(models.Model):
    """A record that changed at a version of the mirror: what it belonged to before, and belongs to now.

    Old places are empty for a record that is new, the others for one that is gone. No key: everything of the entity may
    have changed. Kept for a while; `MirrorVersion.forgotten_version` tells up to where.
    """

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.BigIntegerField()
    entity = models.TextField()
    record_id = identifier()
    record_key = models.TextField(null=True, help_text="the id where Clio's is text")  # noqa: DJ001 - or there is none
    columns = ArrayField(models.TextField(), null=True, help_text="what differs; empty for a new record")
    bill_id = identifier()
    old_bill_id = identifier()
    matter_id = identifier()
    old_matter_id = identifier()
    activity_id = identifier()
    old_activity_id = identifier()
    user_id = identifier()
    old_user_id = identifier()
    date = day()
    old_date = day()
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "clio_changes"
        indexes = [models.Index(fields=["firm", "version"], name="clio_changes_version")]
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "entity"],
                condition=models.Q(record_id=None, record_key=None),
                name="clio_changes_whole_entity_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entity} at version {self.version}"


class AttributeHistory(models.Model):
    """A value an attribute of a record had, from when it was seen; the last one is today's. None: it never changed."""

    pk = models.CompositePrimaryKey("firm_id", "entity", "record_id", "attribute", "seen_from")
    firm = models.ForeignKey(
        "accounts.Firm", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    entity = models.TextField()
    record_id = models.BigIntegerField()
    attribute = models.TextField()
    value = text()
    seen_from = models.DateTimeField()

    class Meta:
        db_table = "clio_history"

    def __str__(self) -> str:
        return f"{self.attribute} of {self.entity} {self.record_id}"


class OptionalFields(models.Model):
    """Which of an entity's optional fields the firm's Clio takes: found out once, asked for from then on."""

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)
    entity = models.TextField()
    asked = models.TextField(help_text="the optional fields as they were declared when this was found out")
    taken = document()
    probed_at = instant()

    class Meta:
        db_table = "clio_optional_fields"
        constraints = [models.UniqueConstraint(fields=["firm", "entity"], name="clio_optional_fields_once")]

    def __str__(self) -> str:
        return self.entity
