"""Which rows are the only one of their bill, and need no adding up. Until the next build none is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0061_by_bill"),
    ]

    operations = [
        migrations.AddField(
            model_name="linesofbill",
            name="is_alone",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="moneyofbill",
            name="is_alone",
            field=models.BooleanField(db_default=False),
        ),
        migrations.RemoveIndex(model_name="linesofbill", name="reports_bill_lines_person"),
        migrations.AddIndex(
            model_name="linesofbill",
            index=models.Index(
                fields=["firm", "depth", "timekeeper_id", "issued_on"], name="reports_bill_lines_of_person"
            ),
        ),
        migrations.AddIndex(
            model_name="linesofbill",
            index=models.Index(
                condition=models.Q(("is_alone", False)), fields=["firm", "depth"], name="reports_bill_lines_together"
            ),
        ),
        migrations.RemoveIndex(model_name="moneyofbill", name="reports_bill_money_person"),
        migrations.AddIndex(
            model_name="moneyofbill",
            index=models.Index(
                fields=["firm", "depth", "timekeeper_id", "settled_on"], name="reports_bill_money_of_person"
            ),
        ),
        migrations.AddIndex(
            model_name="moneyofbill",
            index=models.Index(
                condition=models.Q(("is_alone", False)), fields=["firm", "depth"], name="reports_bill_money_together"
            ),
        ),
    ]
