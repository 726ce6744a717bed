"""What the metrics of time, billing and cash measure on the rows of the ledger."""

from django.db import migrations, models

import apps.reports.models.derived


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_getting_in"),
        ("reports", "0002_dimensions"),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgerbill",
            name="paid_up_on",
            field=models.DateField(help_text="by what was dated up to the day of the build", null=True),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="is_hourly",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="ledgersettlement",
            name="activity_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="ledgersettlement",
            name="is_hourly",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="ledgersettlement",
            name="method",
            field=models.CharField(
                choices=[
                    ("trust", "Trust"),
                    ("card", "Card"),
                    ("echeck", "Echeck"),
                    ("operating", "Operating"),
                    ("direct", "Direct"),
                ],
                max_length=10,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="ledgersettlement",
            name="payment_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="ledgersettlement",
            name="worked_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="ledgertime",
            name="entered_on",
            field=models.DateField(help_text="in the firm's time zone", null=True),
        ),
        migrations.AddField(
            model_name="ledgertime",
            name="standard",
            field=apps.reports.models.derived.Numeric(help_text="minor units x 3600", null=True),
        ),
        migrations.AlterField(
            model_name="ledgerstate",
            name="stale_on",
            field=models.DateField(help_text="the day a record dated ahead comes to count; NULL: none is", null=True),
        ),
        migrations.AddIndex(
            model_name="ledgerbill",
            index=models.Index(
                condition=models.Q(("paid_up_on__isnull", False)),
                fields=["firm", "paid_up_on"],
                name="reports_bill_paid_up_on",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerline",
            index=models.Index(
                condition=models.Q(("activity_id__isnull", False)),
                fields=["firm", "worked_on"],
                name="reports_line_worked_on",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgersettlement",
            index=models.Index(
                condition=models.Q(("activity_id__isnull", False)),
                fields=["firm", "worked_on"],
                name="reports_settle_worked_on",
            ),
        ),
    ]
