"""The derived ledger of kpis.md section 2, behind the tenant wall."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import apps.reports.models.derived
from apps.core.rowsecurity import TenantWall

TABLES = (
    "reports_time",
    "reports_expense",
    "reports_bill",
    "reports_line",
    "reports_settle",
    "reports_interest",
    "reports_matter",
    "reports_employment",
    "reports_ledger_state",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerState",
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
                ("generation", models.BigIntegerField(default=0)),
                ("mirror_version", models.BigIntegerField()),
                ("revision", models.IntegerField(help_text="LEDGER_REVISION at the build")),
                ("currency", models.CharField(help_text="the firm's, at the build", max_length=3)),
                ("time_zone", models.CharField(help_text="the firm's, at the build", max_length=64)),
                ("built_at", models.DateTimeField()),
                (
                    "stale_on",
                    models.DateField(help_text="the day an entry dated ahead comes to count; NULL: none is", null=True),
                ),
                ("unreconciled_bills", models.BigIntegerField(default=0)),
                ("unbalanced_bills", models.BigIntegerField(default=0)),
                ("hidden_rows", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "reports_ledger_state",
            },
        ),
        migrations.CreateModel(
            name="LedgerMatter",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "matter_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("matter_id", models.BigIntegerField()),
                ("client_id", models.BigIntegerField(null=True)),
                ("practice_area_id", models.BigIntegerField(null=True)),
                ("responsible_id", models.BigIntegerField(null=True)),
                ("originating_id", models.BigIntegerField(null=True)),
                ("group_id", models.BigIntegerField(null=True)),
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
                "db_table": "reports_matter",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("timekeeper_id", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
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
                "db_table": "reports_employment",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(
                        fields=["firm", "timekeeper_id", "starts_on"], name="reports_employment_span"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerBill",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "bill_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("bill_id", models.BigIntegerField()),
                ("number", models.TextField(null=True)),
                ("issued_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("closed_on", models.DateField(help_text="last event of a bill that is at 0 now", null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("principal", models.BigIntegerField(default=0)),
                ("unreconciled", models.BigIntegerField(default=0)),
                ("is_balanced", models.BooleanField(help_text="Clio's balance is its due less paid and credits")),
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
                "db_table": "reports_bill",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "issued_on"], name="reports_bill_issued_on"),
                    models.Index(fields=["firm", "closed_on"], name="reports_bill_closed_on"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerExpense",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "activity_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("activity_id", models.BigIntegerField()),
                ("worked_on", models.DateField(null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                (
                    "work_class",
                    models.CharField(
                        choices=[
                            ("billable", "Billable"),
                            ("non_billable", "Non Billable"),
                            ("no_charge", "No Charge"),
                        ],
                        max_length=12,
                    ),
                ),
                ("currency", models.TextField()),
                ("value", models.BigIntegerField(help_text="minor units", null=True)),
                (
                    "unbilled_as",
                    models.CharField(
                        choices=[("fees", "Fees"), ("expenses", "Expenses"), ("contingency_fees", "Contingency Fees")],
                        max_length=16,
                        null=True,
                    ),
                ),
                ("billed_on", models.DateField(null=True)),
                ("type", models.TextField()),
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
                "db_table": "reports_expense",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "worked_on"], name="reports_expense_worked_on"),
                    models.Index(
                        condition=models.Q(("unbilled_as__isnull", False)),
                        fields=["firm", "billed_on"],
                        name="reports_expense_unbilled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerInterest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "interest_charge_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("interest_charge_id", models.BigIntegerField()),
                ("bill_id", models.BigIntegerField()),
                ("charged_on", models.DateField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("amount", models.BigIntegerField(default=0)),
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
                "db_table": "reports_interest",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "charged_on"], name="reports_interest_charged_on"),
                    models.Index(fields=["firm", "bill_id"], name="reports_interest_bill"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "line_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line_id", models.BigIntegerField()),
                ("bill_id", models.BigIntegerField()),
                ("activity_id", models.BigIntegerField(null=True)),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("fee", "Fee"),
                            ("expense", "Expense"),
                            ("unreconciled", "Unreconciled"),
                            ("interest", "Interest"),
                            ("credit", "Credit"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_no_charge", models.BooleanField()),
                ("issued_on", models.DateField(null=True)),
                ("worked_on", models.DateField(help_text="of the activity", null=True)),
                ("listed_on", models.DateField(help_text="the line's own date", null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("billing_method", models.TextField(null=True)),
                ("currency", models.TextField()),
                (
                    "hours",
                    apps.reports.models.derived.Numeric(help_text="of hourly time only", null=True),
                ),
                ("gross", models.BigIntegerField(default=0)),
                ("line_discount", models.BigIntegerField(default=0)),
                ("bill_discount", models.BigIntegerField(default=0)),
                ("rounding", models.BigIntegerField(default=0)),
                ("net", models.BigIntegerField(default=0)),
                ("tax", models.BigIntegerField(default=0)),
                ("secondary_tax", models.BigIntegerField(default=0)),
                ("owed_net", models.BigIntegerField(default=0)),
                ("owed_tax", models.BigIntegerField(default=0)),
                ("owed_secondary_tax", models.BigIntegerField(default=0)),
                ("worked", models.BigIntegerField(null=True)),
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
                "db_table": "reports_line",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "issued_on"], name="reports_line_issued_on"),
                    models.Index(fields=["firm", "bill_id"], name="reports_line_bill"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerSettlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("allocation_id", models.BigIntegerField()),
                ("bill_id", models.BigIntegerField(null=True)),
                ("line_id", models.BigIntegerField(null=True)),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("fee", "Fee"),
                            ("expense", "Expense"),
                            ("unreconciled", "Unreconciled"),
                            ("interest", "Interest"),
                            ("credit", "Credit"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "Payment"), ("write_off", "Write Off"), ("discount", "Discount")],
                        max_length=10,
                    ),
                ),
                ("settled_on", models.DateField(null=True)),
                ("issued_on", models.DateField(null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("payer_id", models.BigIntegerField(null=True)),
                ("currency", models.TextField()),
                ("net", models.BigIntegerField(default=0)),
                ("tax", models.BigIntegerField(default=0)),
                ("secondary_tax", models.BigIntegerField(default=0)),
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
                "db_table": "reports_settle",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "settled_on"], name="reports_settle_settled_on"),
                    models.Index(fields=["firm", "issued_on"], name="reports_settle_issued_on"),
                    models.Index(fields=["firm", "bill_id"], name="reports_settle_bill"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerTime",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "activity_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("activity_id", models.BigIntegerField()),
                ("worked_on", models.DateField(null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("matter_id", models.BigIntegerField(null=True)),
                (
                    "work_class",
                    models.CharField(
                        choices=[
                            ("billable", "Billable"),
                            ("non_billable", "Non Billable"),
                            ("no_charge", "No Charge"),
                        ],
                        max_length=12,
                    ),
                ),
                ("currency", models.TextField()),
                ("value", models.BigIntegerField(help_text="minor units", null=True)),
                (
                    "unbilled_as",
                    models.CharField(
                        choices=[("fees", "Fees"), ("expenses", "Expenses"), ("contingency_fees", "Contingency Fees")],
                        max_length=16,
                        null=True,
                    ),
                ),
                ("billed_on", models.DateField(null=True)),
                ("seconds", apps.reports.models.derived.Numeric(null=True)),
                ("raw_seconds", apps.reports.models.derived.Numeric(null=True)),
                ("is_agreed_fee", models.BooleanField(help_text="flat rate or contingency fee")),
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
                "db_table": "reports_time",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["firm", "worked_on"], name="reports_time_worked_on"),
                    models.Index(
                        condition=models.Q(("unbilled_as__isnull", False)),
                        fields=["firm", "billed_on"],
                        name="reports_time_unbilled",
                    ),
                ],
            },
        ),
        *[TenantWall(table) for table in TABLES],
    ]
