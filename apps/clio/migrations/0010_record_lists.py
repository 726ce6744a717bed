"""How lists of records are found: by what changed, by whose they are, and by the beginning of a name or number."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clio", "0009_reconciliation"),
    ]

    operations = [
        migrations.AddField(
            model_name="bill",
            name="sought_number",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left("number", 200)),
                output_field=models.TextField(db_collation="C", null=True),
            ),
        ),
        migrations.AddField(
            model_name="calendarentry",
            name="sought_summary",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left("summary", 200)),
                output_field=models.TextField(db_collation="C", null=True),
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="sought_last_name",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    django.db.models.functions.text.Left("last_name", 200)
                ),
                output_field=models.TextField(db_collation="C", null=True),
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="sought_name",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left("name", 200)),
                output_field=models.TextField(db_collation="C", null=True),
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="sought_client",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    django.db.models.functions.text.Left("client_name", 200)
                ),
                output_field=models.TextField(db_collation="C", null=True),
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="sought_number",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    django.db.models.functions.text.Left("display_number", 200)
                ),
                output_field=models.TextField(db_collation="C", null=True),
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="sought_name",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left("name", 200)),
                output_field=models.TextField(db_collation="C", null=True),
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["firm", "user_id"], name="clio_activities_user_id"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["firm", "changed_at"], name="clio_activities_changed_at"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["firm", "changed_at"], name="clio_allocations_changed_at"),
        ),
        migrations.AddIndex(
            model_name="banktransaction",
            index=models.Index(fields=["firm", "changed_at", "clio_id"], name="clio_bank_transactions_changed"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["firm", "changed_at", "clio_id"], name="clio_bills_changed_at"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["firm", "sought_number", "clio_id"], name="clio_bills_sought_number"),
        ),
        migrations.AddIndex(
            model_name="calendarentry",
            index=models.Index(fields=["firm", "changed_at", "clio_id"], name="clio_calendar_entries_changed"),
        ),
        migrations.AddIndex(
            model_name="calendarentry",
            index=models.Index(fields=["firm", "sought_summary", "clio_id"], name="clio_calendar_entries_sought_s"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["firm", "changed_at", "clio_id"], name="clio_contacts_changed_at"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["firm", "company_id", "clio_id"], name="clio_contacts_company_id"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["firm", "sought_name", "clio_id"], name="clio_contacts_sought_name"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["firm", "sought_last_name", "clio_id"], name="clio_contacts_sought_last_name"),
        ),
        migrations.AddIndex(
            model_name="lineitem",
            index=models.Index(fields=["firm", "changed_at"], name="clio_line_items_changed_at"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["firm", "changed_at", "clio_id"], name="clio_matters_changed_at"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["firm", "close_date", "clio_id"], name="clio_matters_close_date"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["firm", "practice_area_id", "clio_id"], name="clio_matters_practice_area_id"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                fields=["firm", "responsible_attorney_id", "clio_id"], name="clio_matters_responsible_attor"
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                fields=["firm", "originating_attorney_id", "clio_id"], name="clio_matters_originating_attor"
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["firm", "sought_number", "clio_id"], name="clio_matters_sought_number"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["firm", "sought_client", "clio_id"], name="clio_matters_sought_client"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["firm", "changed_at", "clio_id"], name="clio_tasks_changed_at"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["firm", "sought_name", "clio_id"], name="clio_tasks_sought_name"),
        ),
        migrations.AddIndex(
            model_name="trustlineitem",
            index=models.Index(fields=["firm", "changed_at", "clio_id"], name="clio_trust_line_items_changed"),
        ),
        migrations.AddIndex(
            model_name="trustlineitem",
            index=models.Index(fields=["firm", "client_id", "clio_id"], name="clio_trust_line_items_client_i"),
        ),
    ]
