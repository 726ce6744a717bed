"""At what percent of a matter's budget people are told."""

from django.db import migrations

import apps.reports.models.derived


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0047_trust_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgermatter",
            name="budget_threshold",
            field=apps.reports.models.derived.Numeric(help_text="percent of the budget", null=True),
        ),
    ]
