import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import apps.clio.models.columns
from apps.core.rowsecurity import RESOLVER, Policy, ResolverFunction, TenantWall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MirrorVersion",
            fields=[
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.firm",
                    ),
                ),
                ("version", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "clio_mirror_versions",
            },
        ),
        migrations.CreateModel(
            name="Bill",
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
                ("number", models.TextField(null=True)),
                ("type", models.TextField(null=True)),
                ("kind", models.TextField(null=True)),
                ("state", models.TextField(null=True)),
                ("subject", models.TextField(null=True)),
                ("memo", models.TextField(null=True)),
                ("issued_at", models.DateField(null=True)),
                ("due_at", models.DateField(null=True)),
                ("start_at", models.DateField(null=True)),
                ("end_at", models.DateField(null=True)),
                ("paid_at", models.DateTimeField(null=True)),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("total", apps.clio.models.columns.Numeric(null=True)),
                ("sub_total", apps.clio.models.columns.Numeric(null=True)),
                ("due", apps.clio.models.columns.Numeric(null=True)),
                ("balance", apps.clio.models.columns.Numeric(null=True)),
                ("paid", apps.clio.models.columns.Numeric(null=True)),
                ("pending", apps.clio.models.columns.Numeric(null=True)),
                ("credits_issued", apps.clio.models.columns.Numeric(null=True)),
                ("tax_rate", apps.clio.models.columns.Numeric(null=True)),
                ("secondary_tax_rate", apps.clio.models.columns.Numeric(null=True)),
                ("tax_sum", apps.clio.models.columns.Numeric(null=True)),
                ("secondary_tax_sum", apps.clio.models.columns.Numeric(null=True)),
                ("total_tax", apps.clio.models.columns.Numeric(null=True)),
                ("services_sub_total", apps.clio.models.columns.Numeric(null=True)),
                ("services_tax", apps.clio.models.columns.Numeric(null=True)),
                ("services_secondary_tax", apps.clio.models.columns.Numeric(null=True)),
                ("discount_services_only", models.TextField(null=True)),
                ("shared", models.BooleanField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.TextField(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("client_name", models.TextField(null=True)),
                ("matters", models.JSONField(null=True)),
                (
                    "matter_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("matter_totals", models.JSONField(null=True)),
                ("balances", models.JSONField(null=True)),
                ("discount_rate", apps.clio.models.columns.Numeric(null=True)),
                ("discount_type", models.TextField(null=True)),
                ("interest_balance", apps.clio.models.columns.Numeric(null=True)),
                ("interest_total", apps.clio.models.columns.Numeric(null=True)),
                ("interest_rate", apps.clio.models.columns.Numeric(null=True)),
                ("interest_period", models.BigIntegerField(null=True)),
                ("interest_type", models.TextField(null=True)),
                ("currency_id", models.BigIntegerField(null=True)),
                ("currency_code", models.TextField(null=True)),
                ("group_id", models.BigIntegerField(null=True)),
                ("group_name", models.TextField(null=True)),
                ("original_bill_id", models.BigIntegerField(null=True)),
                ("original_bill_number", models.TextField(null=True)),
                ("destination_account_id", models.BigIntegerField(null=True)),
                ("destination_account_name", models.TextField(null=True)),
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
                "db_table": "clio_bills",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClioUser",
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
                ("first_name", models.TextField(null=True)),
                ("last_name", models.TextField(null=True)),
                ("initials", models.TextField(null=True)),
                ("email", models.TextField(null=True)),
                ("enabled", models.BooleanField(null=True)),
                ("account_owner", models.BooleanField(null=True)),
                ("roles", models.JSONField(null=True)),
                ("subscription_type", models.TextField(null=True)),
                ("rate", apps.clio.models.columns.Numeric(null=True)),
                ("time_zone", models.TextField(null=True)),
                ("clio_connect", models.BooleanField(null=True)),
                ("account_id", models.BigIntegerField(null=True)),
                ("account_name", models.TextField(null=True)),
                ("job_title_id", models.BigIntegerField(null=True)),
                ("job_title_name", models.TextField(null=True)),
                ("groups", models.JSONField(null=True)),
                ("disabled_seen_at", models.DateTimeField(null=True)),
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
                "db_table": "clio_users",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ConnectAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=2)),
                ("state_hash", models.CharField(help_text="SHA-256 of the state", max_length=64, unique=True)),
                (
                    "browser_hash",
                    models.CharField(help_text="SHA-256 of the cookie the browser was given", max_length=64),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "clio_connect_attempts",
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                ("name", models.TextField(null=True)),
                ("first_name", models.TextField(null=True)),
                ("last_name", models.TextField(null=True)),
                ("title", models.TextField(null=True)),
                ("is_client", models.BooleanField(null=True)),
                ("is_co_counsel", models.BooleanField(null=True)),
                ("is_bill_recipient", models.BooleanField(null=True)),
                ("primary_email_address", models.TextField(null=True)),
                ("primary_phone_number", models.TextField(null=True)),
                ("company_id", models.BigIntegerField(null=True)),
                ("company_name", models.TextField(null=True)),
                ("primary_address_id", models.BigIntegerField(null=True)),
                ("primary_address_city", models.TextField(null=True)),
                ("primary_address_province", models.TextField(null=True)),
                ("primary_address_postal_code", models.TextField(null=True)),
                ("primary_address_country", models.TextField(null=True)),
                ("account_balances", models.JSONField(null=True)),
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
                "db_table": "clio_contacts",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CreditMemo",
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
                ("amount", apps.clio.models.columns.Numeric(null=True)),
                ("description", models.TextField(null=True)),
                ("discount", models.BooleanField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.TextField(null=True)),
                ("contact_id", models.BigIntegerField(null=True)),
                ("contact_name", models.TextField(null=True)),
                ("allocations", models.JSONField(null=True)),
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
                "db_table": "clio_credit_memos",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="InterestCharge",
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
                ("description", models.TextField(null=True)),
                ("total", apps.clio.models.columns.Numeric(null=True)),
                ("bill_id", models.BigIntegerField(null=True)),
                ("bill_number", models.TextField(null=True)),
                ("bill_state", models.TextField(null=True)),
                ("balances", models.JSONField(null=True)),
                ("matters", models.JSONField(null=True)),
                (
                    "matter_ids",
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
                "db_table": "clio_interest_charges",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Matter",
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
                ("number", models.BigIntegerField(null=True)),
                ("display_number", models.TextField(null=True)),
                ("custom_number", models.TextField(null=True)),
                ("description", models.TextField(null=True)),
                ("status", models.TextField(null=True)),
                ("billable", models.BooleanField(null=True)),
                ("billing_method", models.TextField(null=True)),
                ("location", models.TextField(null=True)),
                ("client_reference", models.TextField(null=True)),
                ("open_date", models.DateField(null=True)),
                ("pending_date", models.DateField(null=True)),
                ("close_date", models.DateField(null=True)),
                ("last_activity_date", models.DateField(null=True)),
                ("matter_stage_updated_at", models.DateTimeField(null=True)),
                ("has_tasks", models.BooleanField(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("client_name", models.TextField(null=True)),
                ("client_type", models.TextField(null=True)),
                ("practice_area_id", models.BigIntegerField(null=True)),
                ("practice_area_name", models.TextField(null=True)),
                ("matter_stage_id", models.BigIntegerField(null=True)),
                ("matter_stage_name", models.TextField(null=True)),
                ("responsible_attorney_id", models.BigIntegerField(null=True)),
                ("responsible_attorney_name", models.TextField(null=True)),
                ("originating_attorney_id", models.BigIntegerField(null=True)),
                ("originating_attorney_name", models.TextField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.TextField(null=True)),
                ("group_id", models.BigIntegerField(null=True)),
                ("group_name", models.TextField(null=True)),
                ("matter_budget_id", models.BigIntegerField(null=True)),
                ("matter_budget_budget", apps.clio.models.columns.Numeric(null=True)),
                ("matter_budget_include_expenses", models.BooleanField(null=True)),
                ("evergreen_retainer_id", models.BigIntegerField(null=True)),
                ("evergreen_retainer_minimum_threshold", apps.clio.models.columns.Numeric(null=True)),
                ("custom_rate_type", models.TextField(null=True)),
                ("account_balances", models.JSONField(null=True)),
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
                "db_table": "clio_matters",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PracticeArea",
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
                ("code", models.TextField(null=True)),
                ("category", models.TextField(null=True)),
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
                "db_table": "clio_practice_areas",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SyncRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("full", "Full"), ("incremental", "Incremental")], max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("parked", "Parked"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", help_text="code of what parked or failed it", max_length=60
                    ),
                ),
                ("detail", models.TextField(blank=True, default="", help_text="the same in words for people")),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(null=True)),
                ("held_by", models.UUIDField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                ("goes_on_at", models.DateTimeField(help_text="when the next slice may start", null=True)),
                ("failures", models.PositiveIntegerField(default=0, help_text="in a row, without progress between")),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "clio_sync_runs",
            },
        ),
        migrations.CreateModel(
            name="SyncStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("entity", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField(help_text="asked for changes since; empty: everything", null=True)),
                (
                    "variant",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="which of the entity's filters is being read"
                    ),
                ),
                ("cursor", models.TextField(blank=True, default="", help_text="address of the next page")),
                ("expected", models.BigIntegerField(null=True)),
                ("records", models.BigIntegerField(default=0)),
                ("changed", models.BigIntegerField(default=0)),
                ("pages", models.BigIntegerField(default=0)),
                ("restarts", models.PositiveSmallIntegerField(default=0)),
                ("worked_ms", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(blank=True, default="", help_text="code of what refused it", max_length=60),
                ),
                ("detail", models.TextField(blank=True, default="")),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="clio.syncrun",
                    ),
                ),
            ],
            options={
                "db_table": "clio_sync_steps",
            },
        ),
        migrations.CreateModel(
            name="Activity",
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
                ("date", models.DateField(null=True)),
                ("quantity", apps.clio.models.columns.Numeric(null=True)),
                ("rounded_quantity", apps.clio.models.columns.Numeric(null=True)),
                ("quantity_in_hours", apps.clio.models.columns.Numeric(null=True)),
                ("rounded_quantity_in_hours", apps.clio.models.columns.Numeric(null=True)),
                ("quantity_redacted", models.BooleanField(null=True)),
                ("price", apps.clio.models.columns.Numeric(null=True)),
                ("total", apps.clio.models.columns.Numeric(null=True)),
                ("non_billable", models.BooleanField(null=True)),
                ("non_billable_total", apps.clio.models.columns.Numeric(null=True)),
                ("no_charge", models.BooleanField(null=True)),
                ("flat_rate", models.BooleanField(null=True)),
                ("contingency_fee", models.BooleanField(null=True)),
                ("billed", models.BooleanField(null=True)),
                ("on_bill", models.BooleanField(null=True)),
                ("note", models.TextField(null=True)),
                ("reference", models.TextField(null=True)),
                ("tax_setting", models.TextField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.TextField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("matter_display_number", models.TextField(null=True)),
                ("activity_description_id", models.BigIntegerField(null=True)),
                ("activity_description_name", models.TextField(null=True)),
                ("expense_category_id", models.BigIntegerField(null=True)),
                ("expense_category_name", models.TextField(null=True)),
                ("bill_id", models.BigIntegerField(null=True)),
                ("bill_number", models.TextField(null=True)),
                ("bill_state", models.TextField(null=True)),
                ("vendor_id", models.BigIntegerField(null=True)),
                ("vendor_name", models.TextField(null=True)),
                ("task_id", models.BigIntegerField(null=True)),
                ("calendar_entry_id", models.TextField(null=True)),
                ("unbilled_total", apps.clio.models.columns.Numeric(null=True)),
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
                "db_table": "clio_activities",
                "abstract": False,
                "indexes": [models.Index(fields=["firm", "date"], name="clio_activities_date")],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
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
                ("amount", apps.clio.models.columns.Numeric(null=True)),
                ("interest", models.BooleanField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("description", models.TextField(null=True)),
                ("payment_type", models.TextField(null=True)),
                ("has_online_payment", models.BooleanField(null=True)),
                ("bill_id", models.BigIntegerField(null=True)),
                ("bill_number", models.TextField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("contact_id", models.BigIntegerField(null=True)),
                ("contact_name", models.TextField(null=True)),
                ("parent_id", models.BigIntegerField(null=True)),
                ("parent_type", models.TextField(null=True)),
                ("parent_identifier", models.TextField(null=True)),
                ("parent_secondary_identifier", models.TextField(null=True)),
                ("parent_tertiary_identifier", models.TextField(null=True)),
                ("source_bank_account_id", models.BigIntegerField(null=True)),
                ("source_bank_account_name", models.TextField(null=True)),
                ("source_bank_account_type", models.TextField(null=True)),
                ("destination_bank_account_id", models.BigIntegerField(null=True)),
                ("destination_bank_account_name", models.TextField(null=True)),
                ("destination_bank_account_type", models.TextField(null=True)),
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
                "db_table": "clio_allocations",
                "abstract": False,
                "indexes": [models.Index(fields=["firm", "bill_id"], name="clio_allocations_bill")],
            },
        ),
        migrations.CreateModel(
            name="ClioConnection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=2)),
                ("clio_account_id", models.BigIntegerField()),
                ("clio_account_name", models.TextField()),
                ("clio_user_id", models.BigIntegerField()),
                ("clio_user_name", models.TextField()),
                ("access_token", models.TextField(blank=True, default="", help_text="encrypted")),
                ("refresh_token", models.TextField(blank=True, default="", help_text="encrypted")),
                ("expires_at", models.DateTimeField(null=True)),
                ("refresh_claim", models.UUIDField(null=True)),
                ("refresh_claimed_until", models.DateTimeField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("connected", "Connected"), ("revoked", "Revoked"), ("disconnected", "Disconnected")],
                        default="connected",
                        max_length=12,
                    ),
                ),
                ("status_changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("connected_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "connected_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "db_table": "clio_connections",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "clio_account_id"), name="clio_connection_one_firm_per_account"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LineItem",
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
                ("kind", models.TextField(null=True)),
                ("date", models.DateField(null=True)),
                ("description", models.TextField(null=True)),
                ("note", models.TextField(null=True)),
                ("price", apps.clio.models.columns.Numeric(null=True)),
                ("quantity", apps.clio.models.columns.Numeric(null=True)),
                ("sub_total", apps.clio.models.columns.Numeric(null=True)),
                ("total", apps.clio.models.columns.Numeric(null=True)),
                ("tax", apps.clio.models.columns.Numeric(null=True)),
                ("secondary_tax", apps.clio.models.columns.Numeric(null=True)),
                ("taxable", models.BooleanField(null=True)),
                ("secondary_taxable", models.BooleanField(null=True)),
                ("group_ordering", models.BigIntegerField(null=True)),
                ("bill_id", models.BigIntegerField(null=True)),
                ("bill_number", models.TextField(null=True)),
                ("bill_state", models.TextField(null=True)),
                ("activity_id", models.BigIntegerField(null=True)),
                ("activity_type", models.TextField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("matter_display_number", models.TextField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.TextField(null=True)),
                ("discount_rate", apps.clio.models.columns.Numeric(null=True)),
                ("discount_type", models.TextField(null=True)),
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
                "db_table": "clio_line_items",
                "abstract": False,
                "indexes": [models.Index(fields=["firm", "bill_id"], name="clio_line_items_bill")],
            },
        ),
        migrations.CreateModel(
            name="SyncedEntity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entity", models.CharField(max_length=40)),
                ("first_completed_at", models.DateTimeField(null=True)),
                ("last_completed_at", models.DateTimeField(null=True)),
                ("records", models.BigIntegerField(db_default=0)),
                (
                    "read_from",
                    models.DateTimeField(
                        help_text="start of the last complete read; changes since then are asked for next", null=True
                    ),
                ),
                (
                    "refused",
                    models.TextField(
                        blank=True, db_default="", help_text="why the last run that finished could not read it"
                    ),
                ),
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
                "db_table": "clio_synced_entities",
                "constraints": [models.UniqueConstraint(fields=("firm", "entity"), name="clio_synced_entity_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="syncrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)), fields=("firm",), name="clio_sync_run_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="syncrun",
            constraint=models.UniqueConstraint(fields=("firm", "id"), name="clio_sync_run_of_firm"),
        ),
        migrations.AddConstraint(
            model_name="syncstep",
            constraint=models.UniqueConstraint(fields=("firm", "run", "entity"), name="clio_sync_step_once"),
        ),
        # A step belongs to a run of its own firm: a plain key on the run alone would let it point anywhere.
        migrations.RunSQL(
            sql="ALTER TABLE clio_sync_steps ADD CONSTRAINT clio_sync_step_run FOREIGN KEY (firm_id, run_id) "
            "REFERENCES clio_sync_runs (firm_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
            reverse_sql="ALTER TABLE clio_sync_steps DROP CONSTRAINT clio_sync_step_run",
        ),
        TenantWall("clio_connections"),
        TenantWall("clio_connect_attempts"),
        TenantWall("clio_sync_runs"),
        TenantWall("clio_sync_steps"),
        TenantWall("clio_synced_entities"),
        TenantWall("clio_mirror_versions"),
        TenantWall("clio_users"),
        TenantWall("clio_practice_areas"),
        TenantWall("clio_contacts"),
        TenantWall("clio_matters"),
        TenantWall("clio_activities"),
        TenantWall("clio_bills"),
        TenantWall("clio_line_items"),
        TenantWall("clio_allocations"),
        TenantWall("clio_credit_memos"),
        TenantWall("clio_interest_charges"),
        # Whose attempt a state is, before the firm is known; whether it still counts is decided inside the firm.
        Policy("clio_connect_attempts", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_clio_connect_attempt",
            "wanted_hash text",
            "TABLE (firm_id bigint, attempt_id bigint)",
            """
            SELECT attempt.firm_id, attempt.id FROM public.clio_connect_attempts attempt
            WHERE attempt.state_hash = wanted_hash
            """,
            reads={"clio_connect_attempts": "id, firm_id, state_hash"},
        ),
        # Connected firms whose mirror is due: never read, read too long ago, parked, or left by a worker that died.
        Policy("clio_connections", "resolver", "true", role=RESOLVER),
        Policy("clio_sync_runs", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_clio_syncs_due",
            "read_before timestamptz, left_before timestamptz",
            "TABLE (firm_id bigint)",
            """
            SELECT connection.firm_id FROM public.clio_connections connection
            LEFT JOIN LATERAL (
                SELECT run.finished_at, run.started_at, run.held_until, run.goes_on_at FROM public.clio_sync_runs run
                WHERE run.firm_id = connection.firm_id ORDER BY run.id DESC LIMIT 1
            ) latest ON true
            WHERE connection.status = 'connected' AND (
                latest.started_at IS NULL
                OR (latest.finished_at IS NOT NULL AND latest.started_at < read_before)
                OR (latest.finished_at IS NULL
                    AND greatest(latest.started_at, latest.held_until, latest.goes_on_at) < left_before)
            )
            ORDER BY connection.firm_id
            """,
            reads={
                "clio_connections": "firm_id, status",
                "clio_sync_runs": "id, firm_id, started_at, finished_at, held_until, goes_on_at",
            },
        ),
    ]
