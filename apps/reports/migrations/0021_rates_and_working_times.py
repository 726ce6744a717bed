"""The ledger is made with what a firm keeps: what hours cost, how much people work, who is a partner."""

import django.contrib.postgres.fields
from django.db import migrations, models

import apps.reports.models.derived


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0035_custom_reports"),
    ]

    operations = [
        migrations.AddField(
            model_name="employment",
            name="daily_hours",
            field=apps.reports.models.derived.Numeric(null=True),
        ),
        migrations.AddField(
            model_name="employment",
            name="fte",
            field=apps.reports.models.derived.Numeric(db_default=1),
        ),
        migrations.AddField(
            model_name="employment",
            name="working_days",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="ledgerperson",
            name="is_partner",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="ledgerprogress",
            name="settings_version",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="ledgerstate",
            name="settings_version",
            field=models.BigIntegerField(db_default=0, help_text="of what the firm keeps and it is made with"),
        ),
        migrations.AddField(
            model_name="ledgertime",
            name="cost",
            field=apps.reports.models.derived.Numeric(
                help_text="3600 times what the hours cost, in minor units of the firm's currency", null=True
            ),
        ),
    ]
