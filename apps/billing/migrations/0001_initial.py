import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("trialing", "trialing"),
                            ("active", "active"),
                            ("past_due", "past_due"),
                            ("suspended", "suspended"),
                            ("canceled", "canceled"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "plan",
                    models.CharField(
                        choices=[
                            ("individual_monthly", "individual_monthly"),
                            ("individual_yearly", "individual_yearly"),
                            ("firm_monthly", "firm_monthly"),
                            ("firm_yearly", "firm_yearly"),
                        ],
                        max_length=30,
                        null=True,
                    ),
                ),
                (
                    "seats",
                    models.PositiveIntegerField(help_text="paid seats; none are counted during the trial", null=True),
                ),
                ("trial_started_at", models.DateTimeField()),
                ("trial_ends_at", models.DateTimeField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["trialing", "active", "past_due", "suspended", "canceled"])),
                        name="billing_subscription_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("plan__isnull", True),
                            ("plan__in", ["individual_monthly", "individual_yearly", "firm_monthly", "firm_yearly"]),
                            _connector="OR",
                        ),
                        name="billing_subscription_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__isnull", True), ("seats__gte", 1), _connector="OR"),
                        name="billing_subscription_seats",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("trial_ends_at__gt", models.F("trial_started_at"))),
                        name="billing_subscription_trial",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["active", "past_due"]), _negated=True),
                            models.Q(("plan__isnull", False), ("seats__isnull", False)),
                            _connector="OR",
                        ),
                        name="billing_subscription_paid_for",
                    ),
                ],
            },
        ),
        TenantWall("billing_subscription"),
    ]
