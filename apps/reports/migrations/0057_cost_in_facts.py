"""What work cost is added up by month too. Ledgers of former ways are loading until they are built anew."""

from django.db import migrations, models

import apps.reports.models.derived


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0056_owed"),
    ]

    operations = [
        # Without a state there are no figures: better than figures without what was not there before.
        migrations.RunSQL(
            ["DELETE FROM reports_facts_state", "DELETE FROM reports_time_facts", "DELETE FROM reports_ledger_state"],
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="timefacts",
            name="cost",
            field=apps.reports.models.derived.Numeric(null=True),
        ),
        migrations.AddField(
            model_name="timefacts",
            name="lacks_cost",
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
    ]
