"""Which Clio user a grant is of, since when, and whose firms a call about a removed application may mean."""

import django.db.models.functions.datetime
from django.db import migrations, models

from apps.core.rowsecurity import ResolverFunction


class Migration(migrations.Migration):
    dependencies = [("clio", "0006_views_of_the_whole_mirror")]

    operations = [
        migrations.AddField(
            model_name="clioconnection",
            name="clio_user_since",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                help_text="since when it is this user: another one may see other records",
            ),
        ),
        migrations.AddField(
            model_name="clioconnection",
            name="users_told_to",
            field=models.DateTimeField(
                help_text="accounts was told of the users who were seen off up to then", null=True
            ),
        ),
        # Clio names an account or a user, before the firm is known; Clio itself is asked whether it is true.
        ResolverFunction(
            "resolve_clio_connections_named",
            "numbers bigint[]",
            "TABLE (firm_id bigint)",
            """
            SELECT connection.firm_id FROM public.clio_connections connection
            WHERE connection.status = 'connected'
              AND (connection.clio_account_id = ANY(numbers) OR connection.clio_user_id = ANY(numbers))
            ORDER BY connection.firm_id LIMIT 20
            """,
            reads={"clio_connections": "firm_id, status, clio_account_id, clio_user_id"},
        ),
    ]
