import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core.rowsecurity import RESOLVER, USER, Policy, ResolverFunction, StaffMayRead, TenantWall

OF_A_PERSON = ("accounts_emailchange", "accounts_factorreset", "accounts_accountdeletion")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_getting_in"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mailedtoken",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("verify_email", "Verify Email"),
                    ("reset_password", "Reset Password"),
                    ("confirm_new_email", "Confirm New Email"),
                    ("confirm_old_email", "Confirm Old Email"),
                    ("stop_email_change", "Stop Email Change"),
                    ("stop_factor_reset", "Stop Factor Reset"),
                    ("keep_account", "Keep Account"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="AccountDeletion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField()),
                ("delete_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("anonymized_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("erased_at__isnull", True), ("stopped_at__isnull", True)),
                        fields=["delete_at"],
                        name="accounts_accountdeletion_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=("user",),
                        name="accounts_accountdeletion_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("anonymized_at__isnull", True),
                            models.Q(("anonymized_at__gte", models.F("delete_at")), ("stopped_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="accounts_accountdeletion_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True), ("anonymized_at__isnull", False), _connector="OR"
                        ),
                        name="accounts_accountdeletion_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed_email", models.TextField()),
                ("session_id", models.BigIntegerField(null=True)),
                ("requested_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("old_confirmed_at", models.DateTimeField(null=True)),
                ("new_confirmed_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("stopped_because", models.CharField(blank=True, default="", max_length=40)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True), ("stopped_at__isnull", True)),
                        fields=("user",),
                        name="accounts_emailchange_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at__isnull", True),
                            models.Q(
                                ("new_confirmed_at__isnull", False),
                                ("old_confirmed_at__isnull", False),
                                ("stopped_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_emailchange_done_by_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at__isnull", True), ("stopped_because", "")),
                            models.Q(("stopped_at__isnull", False), models.Q(("stopped_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="accounts_emailchange_stopped_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorReset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("earliest_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("is_only_owner", models.BooleanField(default=False)),
                ("owners_told", models.PositiveIntegerField(default=0)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", help_text="staff's, for approving or refusing", max_length=500
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("stopped_because", models.CharField(blank=True, default="", max_length=40)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["requested", "approved"])),
                        fields=["earliest_at"],
                        name="accounts_factorreset_open",
                    ),
                    models.Index(fields=["-id"], name="accounts_factorreset_latest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["requested", "approved"])),
                        fields=("user",),
                        name="accounts_factorreset_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("status", "requested")),
                            models.Q(("status", "requested"), _negated=True),
                            _connector="OR",
                        ),
                        name="accounts_factorreset_requested",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "done"]), _negated=True),
                            models.Q(("approved_at__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="accounts_factorreset_approved_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__gte", models.F("earliest_at")), ("status", "done")),
                            models.Q(models.Q(("status", "done"), _negated=True), ("done_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="accounts_factorreset_done_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "stopped"),
                                ("stopped_at__isnull", False),
                                models.Q(("stopped_because", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "stopped"), _negated=True),
                                ("stopped_at__isnull", True),
                                ("stopped_because", ""),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_factorreset_stopped_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", models.F("user")), _negated=True),
                        name="accounts_factorreset_not_by_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("earliest_at__gt", models.F("requested_at")), ("expires_at__gt", models.F("earliest_at"))
                        ),
                        name="accounts_factorreset_waits",
                    ),
                ],
            },
        ),
        *[TenantWall(table, condition=f"user_id = {USER}", column="user_id") for table in OF_A_PERSON],
        Policy("accounts_accountdeletion", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_due_account_deletions",
            "moment timestamptz, at_most integer",
            "TABLE (user_id bigint, deletion_id bigint)",
            """
            SELECT deletion.user_id, deletion.id FROM public.accounts_accountdeletion deletion
            WHERE deletion.stopped_at IS NULL AND deletion.erased_at IS NULL
              AND (deletion.anonymized_at IS NULL AND deletion.delete_at <= moment
                   OR deletion.anonymized_at <= moment - interval '1 day')
            ORDER BY deletion.delete_at LIMIT at_most
            """,
            reads={"accounts_accountdeletion": "id, user_id, stopped_at, erased_at, anonymized_at, delete_at"},
        ),
        Policy("accounts_factorreset", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_due_factor_resets",
            "moment timestamptz, at_most integer",
            "TABLE (user_id bigint, reset_id bigint)",
            """
            SELECT reset.user_id, reset.id FROM public.accounts_factorreset reset
            WHERE reset.status = 'approved' AND reset.earliest_at <= moment
               OR reset.status = 'requested' AND reset.expires_at <= moment
            ORDER BY reset.earliest_at LIMIT at_most
            """,
            reads={"accounts_factorreset": "id, user_id, status, earliest_at, expires_at"},
        ),
        # Staff see how far a request is; whose it is they look up among people, by number.
        StaffMayRead(
            "accounts_factorreset",
            "id, user_id, status, requested_at, earliest_at, expires_at, is_only_owner, owners_told, approved_at, "
            "approved_by_id, reason, done_at, stopped_at, stopped_because",
        ),
    ]
