"""Facts by calendar year stand beside those by month. Until a ledger is built anew, it answers without facts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0066_kept_sums"),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM reports_facts_state", migrations.RunSQL.noop),
    ]
