"""Who is in a group is published once, for all who keep a restricted matter from the people outside of it."""

from django.db import migrations

# Told twice, by the group and by the person; either counts, of what is gone from Clio too. A group that everybody at
# work is in has a row without a user besides. Where nobody is at work, nobody is everybody.
GROUP_ACCESS = """
SELECT firm_id, clio_id AS group_id, unnest(user_ids) AS user_id FROM clio_groups
UNION
SELECT firm_id, unnest(group_ids), clio_id FROM clio_users
UNION
SELECT g.firm_id, g.clio_id, NULL::bigint FROM clio_groups g
WHERE g.gone_at IS NULL
  AND (SELECT bool_and(u.clio_id = ANY(coalesce(g.user_ids, '{}')) OR g.clio_id = ANY(coalesce(u.group_ids, '{}')))
       FROM clio_users u
       WHERE u.firm_id = g.firm_id AND u.enabled AND u.clio_connect IS NOT TRUE AND u.gone_at IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("clio", "0011_few_of_a_long_list")]

    operations = [
        migrations.RunSQL(
            sql=[
                f"CREATE VIEW clio_out_group_access WITH (security_invoker = true) AS {GROUP_ACCESS}",
                "REVOKE ALL ON clio_out_group_access FROM smarterfirms_app",
                "GRANT SELECT ON clio_out_group_access TO smarterfirms_app",
            ],
            reverse_sql="DROP VIEW clio_out_group_access",
        )
    ]
