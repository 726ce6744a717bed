"""Every entity of Clio's that reports can need, what became of records, and which optional fields Clio takes."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import apps.clio.models.columns
from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_getting_in"),
        ("clio", "0003_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActivityDescription",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("name", models.TextField(null=True)),
                ("type", models.TextField(null=True)),
                ("category_type", models.TextField(null=True)),
                ("default", models.BooleanField(null=True)),
                ("accessible_to_user", models.BooleanField(null=True)),
                ("visible_to_co_counsel", models.BooleanField(null=True)),
                ("utbms_activity_id", models.BigIntegerField(null=True)),
                ("utbms_task_id", models.BigIntegerField(null=True)),
                ("rate_amount", apps.clio.models.columns.Numeric(null=True)),
                ("rate_non_billable_amount", apps.clio.models.columns.Numeric(null=True)),
                ("rate_type", models.TextField(null=True)),
                ("rate_hierarchy", models.TextField(null=True)),
                ("groups", models.JSONField(null=True)),
                (
                    "group_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("currency_id", models.BigIntegerField(null=True)),
                ("currency_code", models.TextField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_activity_descriptions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ActivityRate",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("rate", apps.clio.models.columns.Numeric(null=True)),
                ("flat_rate", models.BooleanField(null=True)),
                ("contact_id", models.BigIntegerField(null=True)),
                ("co_counsel_contact_id", models.BigIntegerField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.TextField(null=True)),
                ("group_id", models.BigIntegerField(null=True)),
                ("group_name", models.TextField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_activity_rates",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AttributeHistory",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "entity",
                        "record_id",
                        "attribute",
                        "seen_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity", models.TextField()),
                ("record_id", models.BigIntegerField()),
                ("attribute", models.TextField()),
                ("value", models.TextField(null=True)),
                ("seen_from", models.DateTimeField()),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_history",
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("name", models.TextField(null=True)),
                ("type", models.TextField(null=True)),
                ("balance", apps.clio.models.columns.Numeric(null=True)),
                ("currency", models.TextField(null=True)),
                ("institution", models.TextField(null=True)),
                ("holder", models.TextField(null=True)),
                ("default_account", models.BooleanField(null=True)),
                ("controlled_account", models.BooleanField(null=True)),
                ("clio_payments_enabled", models.BooleanField(null=True)),
                ("bank_transactions_count", models.BigIntegerField(null=True)),
                ("currency_id", apps.clio.models.columns.Numeric(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_bank_accounts",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BankTransaction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("type", models.TextField(null=True)),
                ("transaction_type", models.TextField(null=True)),
                ("source", models.TextField(null=True)),
                ("date", models.DateField(null=True)),
                ("funds_in", apps.clio.models.columns.Numeric(null=True)),
                ("funds_out", apps.clio.models.columns.Numeric(null=True)),
                ("currency", models.TextField(null=True)),
                ("exchange_rate", apps.clio.models.columns.Numeric(null=True)),
                ("description", models.TextField(null=True)),
                ("confirmation", models.TextField(null=True)),
                ("clio_payments_transaction", models.BooleanField(null=True)),
                ("current_account_balance", apps.clio.models.columns.Numeric(null=True)),
                ("bank_account_id", models.BigIntegerField(null=True)),
                ("bank_account_record_id", models.BigIntegerField(null=True)),
                ("bank_account_name", models.TextField(null=True)),
                ("bank_account_type", models.TextField(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("client_name", models.TextField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("matter_display_number", models.TextField(null=True)),
                ("bill_id", models.BigIntegerField(null=True)),
                ("bill_number", models.TextField(null=True)),
                ("allocation_id", models.BigIntegerField(null=True)),
                ("allocation_amount", apps.clio.models.columns.Numeric(null=True)),
                ("currency_id", models.BigIntegerField(null=True)),
                ("amount", apps.clio.models.columns.Numeric(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_bank_transactions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BillableClient",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("reading", models.BigIntegerField(null=True)),
                ("name", models.TextField(null=True)),
                ("unbilled_hours", apps.clio.models.columns.Numeric(null=True)),
                ("unbilled_amount", apps.clio.models.columns.Numeric(null=True)),
                ("amount_in_trust", apps.clio.models.columns.Numeric(null=True)),
                ("billable_matters_count", models.BigIntegerField(null=True)),
                ("billable_matters", models.JSONField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_billable_clients",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BillableMatter",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("reading", models.BigIntegerField(null=True)),
                ("display_number", models.TextField(null=True)),
                ("unbilled_hours", apps.clio.models.columns.Numeric(null=True)),
                ("unbilled_amount", apps.clio.models.columns.Numeric(null=True)),
                ("amount_in_trust", apps.clio.models.columns.Numeric(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("client_name", models.TextField(null=True)),
                ("currency_id", models.BigIntegerField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_billable_matters",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BillingSettings",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("rounded_duration", apps.clio.models.columns.Numeric(null=True)),
                ("rounding", apps.clio.models.columns.Numeric(null=True)),
                ("use_decimal_rounding", models.BooleanField(null=True)),
                ("currency", models.TextField(null=True)),
                ("currency_sign", models.TextField(null=True)),
                ("tax_rate", apps.clio.models.columns.Numeric(null=True)),
                ("tax_name", models.TextField(null=True)),
                ("use_secondary_tax", models.BooleanField(null=True)),
                ("secondary_tax_rate", apps.clio.models.columns.Numeric(null=True)),
                ("secondary_tax_rule", models.TextField(null=True)),
                ("use_utbms_codes", models.BooleanField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_billing_settings",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CalendarEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("clio_id", models.TextField()),
                ("summary", models.TextField(null=True)),
                ("location", models.TextField(null=True)),
                ("start_at", models.DateTimeField(null=True)),
                ("end_at", models.DateTimeField(null=True)),
                ("all_day", models.BooleanField(null=True)),
                ("recurrence_rule", models.TextField(null=True)),
                ("parent_calendar_entry_id", models.TextField(null=True)),
                ("court_rule", models.BooleanField(null=True)),
                ("calendar_owner_id", models.BigIntegerField(null=True)),
                ("time_entries_count", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("matter_display_number", models.TextField(null=True)),
                ("calendar_owner_record_id", models.BigIntegerField(null=True)),
                ("calendar_owner_name", models.TextField(null=True)),
                ("calendar_owner_type", models.TextField(null=True)),
                ("calendar_entry_event_type_id", models.BigIntegerField(null=True)),
                ("calendar_entry_event_type_name", models.TextField(null=True)),
                ("attendees", models.JSONField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_calendar_entries",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClioGroup",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("name", models.TextField(null=True)),
                ("type", models.TextField(null=True)),
                ("client_connect_user", models.BooleanField(null=True)),
                ("users", models.JSONField(null=True)),
                (
                    "user_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_groups",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Currency",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("code", models.TextField(null=True)),
                ("sign", models.TextField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_currencies",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExpenseCategory",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("name", models.TextField(null=True)),
                ("rate", apps.clio.models.columns.Numeric(null=True)),
                ("entry_type", models.TextField(null=True)),
                ("tax_setting", models.TextField(null=True)),
                ("accessible_to_user", models.BooleanField(null=True)),
                ("groups", models.JSONField(null=True)),
                (
                    "group_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("currency_id", models.BigIntegerField(null=True)),
                ("currency_code", models.TextField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_expense_categories",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MatterStage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("name", models.TextField(null=True)),
                ("order", models.BigIntegerField(null=True)),
                ("practice_area_id", models.TextField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_matter_stages",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MirrorChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField()),
                ("entity", models.TextField()),
                ("record_id", models.BigIntegerField(null=True)),
                ("record_key", models.TextField(help_text="the id where Clio's is text", null=True)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        help_text="what differs; empty for a new record",
                        null=True,
                        size=None,
                    ),
                ),
                ("bill_id", models.BigIntegerField(null=True)),
                ("old_bill_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("old_matter_id", models.BigIntegerField(null=True)),
                ("activity_id", models.BigIntegerField(null=True)),
                ("old_activity_id", models.BigIntegerField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("old_user_id", models.BigIntegerField(null=True)),
                ("date", models.DateField(null=True)),
                ("old_date", models.DateField(null=True)),
                ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_changes",
            },
        ),
        migrations.CreateModel(
            name="OnlinePayment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("state", models.TextField(null=True)),
                ("currency", models.TextField(null=True)),
                ("description", models.TextField(null=True)),
                ("confirmation_number", models.TextField(null=True)),
                ("deposit_as_revenue", models.BooleanField(null=True)),
                ("contact_id", models.BigIntegerField(null=True)),
                ("contact_name", models.TextField(null=True)),
                ("destination_account_id", models.BigIntegerField(null=True)),
                ("destination_account_name", models.TextField(null=True)),
                ("destination_account_type", models.TextField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.TextField(null=True)),
                ("bank_transaction_id", models.BigIntegerField(null=True)),
                ("bank_transaction_date", models.DateField(null=True)),
                ("bank_transaction_amount", apps.clio.models.columns.Numeric(null=True)),
                ("allocations", models.JSONField(null=True)),
                ("bills", models.JSONField(null=True)),
                (
                    "bill_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("matters", models.JSONField(null=True)),
                (
                    "matter_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("amount", apps.clio.models.columns.Numeric(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_online_payments",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OptionalFields",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entity", models.TextField()),
                (
                    "asked",
                    models.TextField(help_text="the optional fields as they were declared when this was found out"),
                ),
                ("taken", models.JSONField(null=True)),
                ("probed_at", models.DateTimeField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_optional_fields",
            },
        ),
        migrations.CreateModel(
            name="OutstandingBalance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("reading", models.BigIntegerField(null=True)),
                ("total_outstanding_balance", apps.clio.models.columns.Numeric(null=True)),
                ("pending_payments_total", apps.clio.models.columns.Numeric(null=True)),
                ("last_payment_date", models.DateField(null=True)),
                ("last_shared_date", models.DateField(null=True)),
                ("newest_issued_bill_due_date", models.DateField(null=True)),
                (
                    "associated_matter_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("contact_id", models.BigIntegerField(null=True)),
                ("contact_name", models.TextField(null=True)),
                ("currency_id", models.BigIntegerField(null=True)),
                ("currency_code", models.TextField(null=True)),
                ("outstanding_bills", models.JSONField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_outstanding_client_balances",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("description", models.TextField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("contact_id", models.BigIntegerField(null=True)),
                ("contact_name", models.TextField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_relationships",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("name", models.TextField(null=True)),
                ("status", models.TextField(null=True)),
                ("priority", models.TextField(null=True)),
                ("due_at", models.DateField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("statute_of_limitations", models.BooleanField(null=True)),
                ("time_estimated", apps.clio.models.columns.Numeric(null=True)),
                ("time_entries_count", models.BigIntegerField(null=True)),
                ("permission", models.TextField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("matter_display_number", models.TextField(null=True)),
                ("task_type_id", models.BigIntegerField(null=True)),
                ("task_type_name", models.TextField(null=True)),
                ("assigner_id", models.BigIntegerField(null=True)),
                ("assigner_name", models.TextField(null=True)),
                ("assignee_id", models.BigIntegerField(null=True)),
                ("assignee_type", models.TextField(null=True)),
                ("assignee_name", models.TextField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_tasks",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrustLineItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("date", models.DateField(null=True)),
                ("total", apps.clio.models.columns.Numeric(null=True)),
                ("note", models.TextField(null=True)),
                ("bill_id", models.BigIntegerField(null=True)),
                ("bill_number", models.TextField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("matter_display_number", models.TextField(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("client_name", models.TextField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_trust_line_items",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WrittenOffActivity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "clio_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clio_id", models.BigIntegerField()),
                ("etag", models.TextField(null=True)),
                ("created_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("unknown_fields", models.JSONField(null=True)),
                ("first_synced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="when our copy last changed"
                    ),
                ),
                (
                    "gone_at",
                    models.DateTimeField(help_text="when the record was found to be gone from Clio", null=True),
                ),
                ("reading", models.BigIntegerField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_written_off_activities",
                "abstract": False,
            },
        ),
        migrations.RemoveIndex(
            model_name="allocation",
            name="clio_allocations_bill",
        ),
        migrations.RemoveIndex(
            model_name="lineitem",
            name="clio_line_items_bill",
        ),
        migrations.AddField(
            model_name="activity",
            name="currency_code",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="currency_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="written_off",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="allocation",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="bill",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="cliouser",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="currency_code",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="currency_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="creditmemo",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="interestcharge",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="lineitem",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="attorney_allocation_originating_attorney_allocation",
            field=apps.clio.models.columns.Numeric(null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="attorney_allocation_responsible_attorney_allocation",
            field=apps.clio.models.columns.Numeric(null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="currency_code",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="currency_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="responsible_staff_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="responsible_staff_name",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="mirrorversion",
            name="forgotten_version",
            field=models.BigIntegerField(
                db_default=0,
                help_text="changes up to this version are no longer kept: who is older reads everything anew",
            ),
        ),
        migrations.AddField(
            model_name="practicearea",
            name="unknown_fields",
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["firm", "matter_id"], name="clio_activities_matter_id"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["firm", "bill_id"], name="clio_activities_bill_id"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["firm", "bill_id"], name="clio_allocations_bill_id"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["firm", "date"], name="clio_allocations_date"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["firm", "matter_id"], name="clio_allocations_matter_id"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["firm", "parent_id"], name="clio_allocations_parent_id"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["firm", "updated_at"], name="clio_allocations_updated_at"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["firm", "issued_at", "clio_id"], name="clio_bills_issued_at"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["firm", "due_at", "clio_id"], name="clio_bills_due_at"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["firm", "client_id", "clio_id"], name="clio_bills_client_id"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_bills_updated_at"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_contacts_updated_at"),
        ),
        migrations.AddIndex(
            model_name="creditmemo",
            index=models.Index(fields=["firm", "date", "clio_id"], name="clio_credit_memos_date"),
        ),
        migrations.AddIndex(
            model_name="creditmemo",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_credit_memos_updated_at"),
        ),
        migrations.AddIndex(
            model_name="interestcharge",
            index=models.Index(fields=["firm", "bill_id", "clio_id"], name="clio_interest_charges_bill_id"),
        ),
        migrations.AddIndex(
            model_name="interestcharge",
            index=models.Index(fields=["firm", "date", "clio_id"], name="clio_interest_charges_date"),
        ),
        migrations.AddIndex(
            model_name="lineitem",
            index=models.Index(fields=["firm", "bill_id"], name="clio_line_items_bill_id"),
        ),
        migrations.AddIndex(
            model_name="lineitem",
            index=models.Index(fields=["firm", "activity_id"], name="clio_line_items_activity_id"),
        ),
        migrations.AddIndex(
            model_name="lineitem",
            index=models.Index(fields=["firm", "matter_id"], name="clio_line_items_matter_id"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["firm", "client_id", "clio_id"], name="clio_matters_client_id"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["firm", "open_date", "clio_id"], name="clio_matters_open_date"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_matters_updated_at"),
        ),
        migrations.AddIndex(
            model_name="banktransaction",
            index=models.Index(fields=["firm", "date", "clio_id"], name="clio_bank_transactions_date"),
        ),
        migrations.AddIndex(
            model_name="banktransaction",
            index=models.Index(
                fields=["firm", "bank_account_id", "date", "clio_id"], name="clio_bank_transactions_bank_ac"
            ),
        ),
        migrations.AddIndex(
            model_name="banktransaction",
            index=models.Index(fields=["firm", "matter_id", "date", "clio_id"], name="clio_bank_transactions_matter"),
        ),
        migrations.AddIndex(
            model_name="banktransaction",
            index=models.Index(fields=["firm", "client_id", "date", "clio_id"], name="clio_bank_transactions_client"),
        ),
        migrations.AddIndex(
            model_name="banktransaction",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_bank_transactions_updated"),
        ),
        migrations.AddIndex(
            model_name="calendarentry",
            index=models.Index(fields=["firm", "start_at", "clio_id"], name="clio_calendar_entries_start_at"),
        ),
        migrations.AddIndex(
            model_name="calendarentry",
            index=models.Index(fields=["firm", "matter_id", "clio_id"], name="clio_calendar_entries_matter_i"),
        ),
        migrations.AddIndex(
            model_name="calendarentry",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_calendar_entries_updated"),
        ),
        migrations.AddIndex(
            model_name="mirrorchange",
            index=models.Index(fields=["firm", "version"], name="clio_changes_version"),
        ),
        migrations.AddConstraint(
            model_name="mirrorchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("record_id", None), ("record_key", None)),
                fields=("firm", "entity"),
                name="clio_changes_whole_entity_once",
            ),
        ),
        migrations.AddIndex(
            model_name="onlinepayment",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_online_payments_updated_a"),
        ),
        migrations.AddConstraint(
            model_name="optionalfields",
            constraint=models.UniqueConstraint(fields=("firm", "entity"), name="clio_optional_fields_once"),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(fields=["firm", "matter_id", "clio_id"], name="clio_relationships_matter_id"),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(fields=["firm", "contact_id", "clio_id"], name="clio_relationships_contact_id"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["firm", "due_at", "clio_id"], name="clio_tasks_due_at"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["firm", "matter_id", "clio_id"], name="clio_tasks_matter_id"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["firm", "assignee_id", "clio_id"], name="clio_tasks_assignee_id"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_tasks_updated_at"),
        ),
        migrations.AddIndex(
            model_name="trustlineitem",
            index=models.Index(fields=["firm", "date", "clio_id"], name="clio_trust_line_items_date"),
        ),
        migrations.AddIndex(
            model_name="trustlineitem",
            index=models.Index(fields=["firm", "bill_id", "clio_id"], name="clio_trust_line_items_bill_id"),
        ),
        migrations.AddIndex(
            model_name="trustlineitem",
            index=models.Index(fields=["firm", "matter_id", "clio_id"], name="clio_trust_line_items_matter_i"),
        ),
        migrations.AddIndex(
            model_name="trustlineitem",
            index=models.Index(fields=["firm", "updated_at", "clio_id"], name="clio_trust_line_items_updated"),
        ),
        migrations.AddField(
            model_name="cliouser",
            name="group_ids",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("gone_at__isnull", False)), fields=["firm", "gone_at"], name="clio_activities_gone"
            ),
        ),
        # What came before changes were noted is known to nobody: whoever is behind reads everything anew.
        migrations.RunSQL(
            sql="UPDATE clio_mirror_versions SET forgotten_version = version",
            reverse_sql=migrations.RunSQL.noop,
        ),
        TenantWall("clio_activity_descriptions"),
        TenantWall("clio_activity_rates"),
        TenantWall("clio_bank_accounts"),
        TenantWall("clio_bank_transactions"),
        TenantWall("clio_billable_clients"),
        TenantWall("clio_billable_matters"),
        TenantWall("clio_billing_settings"),
        TenantWall("clio_calendar_entries"),
        TenantWall("clio_changes"),
        TenantWall("clio_currencies"),
        TenantWall("clio_expense_categories"),
        TenantWall("clio_groups"),
        TenantWall("clio_history"),
        TenantWall("clio_matter_stages"),
        TenantWall("clio_online_payments"),
        TenantWall("clio_optional_fields"),
        TenantWall("clio_outstanding_client_balances"),
        TenantWall("clio_relationships"),
        TenantWall("clio_tasks"),
        TenantWall("clio_trust_line_items"),
        TenantWall("clio_written_off_activities"),
    ]
