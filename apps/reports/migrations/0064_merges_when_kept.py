"""Closes and snapshots note who stood under whom when they were made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0063_targets_at_close"),
    ]

    operations = [
        migrations.AddField(
            model_name="periodclose",
            name="merged_people",
            field=models.JSONField(db_default=[], default=list, help_text="pairs of Clio's ids: who, under whom"),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="merged_people",
            field=models.JSONField(db_default=[], default=list, help_text="pairs of Clio's ids: who, under whom"),
        ),
    ]
