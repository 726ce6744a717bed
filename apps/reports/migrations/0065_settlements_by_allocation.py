"""Find the shares of an allocation: the rows behind a figure are taken up by their ids."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add an index."""

    dependencies = [("reports", "0064_merges_when_kept")]

    operations = [
        migrations.AddIndex(
            "ledgersettlement",
            models.Index(fields=["firm", "allocation_id"], name="reports_settle_allocation"),
        ),
    ]
