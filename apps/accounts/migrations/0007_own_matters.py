"""Whether people who see their own work see their matters too: of a firm, and told with a person's place in it."""

from django.db import migrations, models

from apps.core.rowsecurity import ResolverFunction


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_firm_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="firm",
            name="own_work_includes_matters",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="who sees their own work sees matters they are responsible for or originated too",
            ),
        ),
        migrations.RunSQL("DROP FUNCTION resolve_membership(bigint, uuid)", migrations.RunSQL.noop),
        ResolverFunction(
            "resolve_membership",
            "person bigint, wanted uuid",
            "TABLE (membership_id bigint, firm_id bigint, role text, scope text, level text, grants text,"
            " permissions text[], clio_user_id bigint, demands_second_factor boolean, hides_client_names boolean,"
            " agreed text[], own_work_includes_matters boolean)",
            """
            SELECT membership.id, membership.firm_id, membership.role::text, membership.scope::text,
                   membership.level::text, membership.grants::text, membership.permissions::text[],
                   membership.clio_user_id, coalesce(security.demands_second_factor, false),
                   membership.hides_client_names,
                   ARRAY(SELECT terms.document || ' ' || terms.version FROM public.accounts_termsacceptance terms
                         WHERE terms.firm_id = firm.id),
                   firm.own_work_includes_matters
            FROM public.accounts_firm firm
            JOIN public.accounts_membership membership ON membership.firm_id = firm.id
            LEFT JOIN public.accounts_firmsecurity security ON security.firm_id = firm.id
            WHERE firm.public_id = wanted AND membership.user_id = person AND membership.status = 'active'
            """,
            reads={"accounts_firm": "own_work_includes_matters"},
        ),
    ]
