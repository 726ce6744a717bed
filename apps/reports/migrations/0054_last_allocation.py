"""What came after a close is told by Clio's ids."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0053_closed_months"),
    ]

    operations = [
        migrations.AddField(
            model_name="periodclose",
            name="last_allocation_id",
            field=models.BigIntegerField(help_text="Clio's ids rise: what is above it came later", null=True),
        ),
    ]
