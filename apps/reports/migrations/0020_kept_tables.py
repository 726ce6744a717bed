"""What a firm keeps itself: the rules of its numbers, and tables of targets, rates, splits and calendars."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall

TABLES = (
    "reports_cost_rate",
    "reports_credit_split",
    "reports_employment_dates",
    "reports_exchange_rate",
    "reports_fee_split",
    "reports_leave",
    "reports_rules",
    "reports_settings_version",
    "reports_standard_rate",
    "reports_target",
    "reports_working_time",
)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("accounts", "0006_firm_pages"),
        ("reports", "0003_measured_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="CostRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("timekeeper_id", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("pay", models.DecimalField(decimal_places=2, max_digits=14)),
                ("benefits", models.DecimalField(decimal_places=2, max_digits=14)),
                ("overhead", models.DecimalField(decimal_places=2, max_digits=14)),
                ("expected_hours", models.DecimalField(decimal_places=2, max_digits=8)),
                (
                    "hourly",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("pay"), "+", models.F("benefits")
                                    ),
                                    "+",
                                    models.F("overhead"),
                                ),
                                "/",
                                models.F("expected_hours"),
                            ),
                            models.DecimalField(decimal_places=6, max_digits=18),
                        ),
                        output_field=models.DecimalField(decimal_places=6, max_digits=18),
                    ),
                ),
            ],
            options={
                "db_table": "reports_cost_rate",
            },
        ),
        migrations.CreateModel(
            name="CreditSplit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=12)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("client_id", models.BigIntegerField(null=True)),
                ("timekeeper_id", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("percent", models.DecimalField(decimal_places=4, max_digits=7)),
                ("ends_on", models.DateField(null=True)),
                ("sunset_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "reports_credit_split",
            },
        ),
        migrations.CreateModel(
            name="EmploymentDates",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("timekeeper_id", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "reports_employment_dates",
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_date", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("quote_currency", models.CharField(max_length=3)),
                ("rate", models.DecimalField(decimal_places=10, max_digits=20)),
            ],
            options={
                "db_table": "reports_exchange_rate",
            },
        ),
        migrations.CreateModel(
            name="FeeSplit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("worked", models.DecimalField(decimal_places=4, max_digits=7)),
                ("originating", models.DecimalField(decimal_places=4, max_digits=7)),
                ("responsible", models.DecimalField(decimal_places=4, max_digits=7)),
            ],
            options={
                "db_table": "reports_fee_split",
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("timekeeper_id", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("percent", models.DecimalField(decimal_places=4, max_digits=7)),
            ],
            options={
                "db_table": "reports_leave",
            },
        ),
        migrations.CreateModel(
            name="Rules",
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
                (
                    "payment_allocation",
                    models.CharField(
                        choices=[
                            ("proportional", "proportional"),
                            ("oldest_first", "oldest_first"),
                            ("expenses_first_proportional", "expenses_first_proportional"),
                            ("expenses_first_oldest", "expenses_first_oldest"),
                        ],
                        max_length=30,
                    ),
                ),
                ("aging_basis", models.CharField(choices=[("due", "due"), ("issued", "issued")], max_length=10)),
                ("counts_no_charge_as_billable", models.BooleanField()),
                (
                    "capacity_basis",
                    models.CharField(choices=[("calendar", "calendar"), ("clio", "clio")], max_length=10),
                ),
                (
                    "leaderboard_names",
                    models.CharField(choices=[("shown", "shown"), ("hidden", "hidden"), ("off", "off")], max_length=10),
                ),
                ("leaderboard_minimum_hours", models.DecimalField(decimal_places=2, max_digits=6)),
                ("minimum_people", models.PositiveSmallIntegerField()),
            ],
            options={
                "db_table": "reports_rules",
            },
        ),
        migrations.CreateModel(
            name="SettingsVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=40)),
                ("version", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "reports_settings_version",
            },
        ),
        migrations.CreateModel(
            name="StandardRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("timekeeper_id", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "db_table": "reports_standard_rate",
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("measure", models.CharField(max_length=12)),
                ("practice_area_id", models.BigIntegerField(null=True)),
                ("timekeeper_id", models.BigIntegerField(null=True)),
                ("currency", models.CharField(default="", max_length=3)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "db_table": "reports_target",
            },
        ),
        migrations.CreateModel(
            name="WorkingTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("timekeeper_id", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("fte", models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                ("daily_hours", models.DecimalField(decimal_places=2, max_digits=4, null=True)),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), null=True, size=None
                    ),
                ),
                ("is_partner", models.BooleanField(null=True)),
            ],
            options={
                "db_table": "reports_working_time",
            },
        ),
        migrations.AddField(
            model_name="costrate",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="creditsplit",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="employmentdates",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="exchangerate",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="feesplit",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="leave",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="settingsversion",
            name="changed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="settingsversion",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="standardrate",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddField(
            model_name="workingtime",
            name="firm",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
            ),
        ),
        migrations.AddConstraint(
            model_name="rules",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_people__range", (1, 50))), name="reports_rules_minimum_people"
            ),
        ),
        migrations.AddConstraint(
            model_name="rules",
            constraint=models.CheckConstraint(
                condition=models.Q(("leaderboard_minimum_hours__range", (0, 1000))), name="reports_rules_minimum_hours"
            ),
        ),
        migrations.AddConstraint(
            model_name="costrate",
            constraint=models.UniqueConstraint(
                fields=("firm", "timekeeper_id", "starts_on"), name="reports_cost_rate_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="costrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("expected_hours__gt", 0)), name="reports_cost_rate_hours"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditsplit",
            constraint=models.UniqueConstraint(
                fields=("firm", "role", "matter_id", "client_id", "timekeeper_id", "starts_on"),
                name="reports_credit_split_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="creditsplit",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gt", 0), ("percent__lte", 100)), name="reports_credit_split_percent"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditsplit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("client_id__isnull", False), ("matter_id", None)),
                    models.Q(("client_id", None), ("matter_id__isnull", False)),
                    _connector="OR",
                ),
                name="reports_credit_split_one_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="employmentdates",
            constraint=models.UniqueConstraint(
                fields=("firm", "timekeeper_id", "starts_on"),
                name="reports_employment_dates_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="employmentdates",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="reports_employment_dates_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangerate",
            constraint=models.UniqueConstraint(
                fields=("firm", "on_date", "currency", "quote_currency"),
                name="reports_exchange_rate_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangerate",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate__gt", 0)), name="reports_exchange_rate_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="feesplit",
            constraint=models.UniqueConstraint(
                fields=("firm", "starts_on"), name="reports_fee_split_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="feesplit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "worked__lte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.Value(100), "-", models.F("originating")
                            ),
                            "-",
                            models.F("responsible"),
                        ),
                    )
                ),
                name="reports_fee_split_at_most_100",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.UniqueConstraint(
                fields=("firm", "timekeeper_id", "starts_on"), name="reports_leave_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="reports_leave_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="settingsversion",
            constraint=models.UniqueConstraint(
                fields=("firm", "subject"), name="reports_settings_version_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="standardrate",
            constraint=models.UniqueConstraint(
                fields=("firm", "timekeeper_id", "starts_on"), name="reports_standard_rate_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                fields=("firm", "month", "measure", "practice_area_id", "timekeeper_id", "currency"),
                name="reports_target_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="reports_target_of_a_month"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="reports_target_amount"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("practice_area_id", None), ("timekeeper_id", None), _connector="OR"),
                name="reports_target_one_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="workingtime",
            constraint=models.UniqueConstraint(
                fields=("firm", "timekeeper_id", "starts_on"), name="reports_working_time_once", nulls_distinct=False
            ),
        ),
        *[TenantWall(table) for table in TABLES],
    ]
