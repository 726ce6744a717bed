"""Which group a matter was kept to is published after it is gone from Clio: work on it may be there still."""

from django.db import migrations

GONE_MATTERS = "SELECT firm_id, clio_id AS matter_id, gone_at, group_id FROM clio_matters WHERE gone_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("clio", "0012_who_is_in_a_group")]

    operations = [
        migrations.RunSQL(
            sql=[
                f"CREATE VIEW clio_out_gone_matters WITH (security_invoker = true) AS {GONE_MATTERS}",
                "REVOKE ALL ON clio_out_gone_matters FROM smarterfirms_app",
                "GRANT SELECT ON clio_out_gone_matters TO smarterfirms_app",
            ],
            reverse_sql="DROP VIEW clio_out_gone_matters",
        )
    ]
