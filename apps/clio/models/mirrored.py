"""What every mirrored record has besides Clio's own fields."""

from django.db import models
from django.db.models.functions import Now

from apps.clio.models.columns import document, identifier, instant, text


class Mirrored(models.Model):
    """A record of Clio's, kept as it was last read. Only the mirror's own machinery writes these tables.

    The key begins with the firm, like every index. No foreign key is checked per row: the tenant wall already admits no
    other firm than the transaction's, and between mirrored records Clio promises no order.
    """

    pk = models.CompositePrimaryKey("firm_id", "clio_id")
    firm = models.ForeignKey(
        "accounts.Firm", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    clio_id = models.BigIntegerField()
    etag = text()
    created_at = instant()
    updated_at = instant()
    # What an answer held besides the fields we know, by its path in the record; hardly ever anything.
    unknown_fields = document()
    first_synced_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now(), help_text="when our copy last changed")
    gone_at = models.DateTimeField(null=True, help_text="when the record was found to be gone from Clio")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.clio_id}"


class Snapshot(Mirrored):
    """A row of one of Clio's sums of the moment: `reading` tells which whole reading last held it."""

    reading = identifier()

    class Meta(Mirrored.Meta):
        abstract = True


def found_by(table: str, column: str) -> models.Index:
    """Return the index by which a firm's rows are found; kept narrow, since the long tables pay for it row by row."""
    return models.Index(fields=["firm", column], name=f"{table}_{column}"[:30].rstrip("_"))


def of_no_matter(table: str) -> models.Index:
    """Return the index of the firm's rows that tell no matter; hardly ever there are many."""
    return models.Index(fields=["firm"], condition=models.Q(matter_id__isnull=True), name=f"{table[:20]}_no_matter")


def listed_by(table: str, *columns: str) -> models.Index:
    """Return the index by which a firm's rows are listed in the order of these columns, and by id where they tie."""
    return models.Index(fields=["firm", *columns, "clio_id"], name=f"{table}_{'_'.join(columns)}"[:30].rstrip("_"))
