"""Closed months keep the sums of their rows; the rows of one person are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Note which closes do; those made before are read row by row."""

    dependencies = [("reports", "0065_settlements_by_allocation")]

    operations = [
        migrations.AddField("periodclose", "has_sums", models.BooleanField(default=False, db_default=False)),
        migrations.AddIndex(
            "frozenrow",
            models.Index(fields=["firm", "family", "timekeeper_id", "placed_on"], name="reports_frozen_row_person"),
        ),
    ]
