"""Closes keep the targets of their month from now on; those made before say that they do not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0062_rows_alone"),
    ]

    operations = [
        migrations.AddField(
            model_name="periodclose",
            name="keeps_targets",
            field=models.BooleanField(db_default=False, default=False, help_text="earlier closes kept none"),
        ),
    ]
