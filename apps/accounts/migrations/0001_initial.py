import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import apps.core.uuids
from apps.core.rowsecurity import RESOLVER, USER, Policy, ResolverFunction, TenantWall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False, verbose_name="may enter the admin")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Firm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(db_default=apps.core.uuids.UuidV7(), editable=False, unique=True),
                ),
                ("name", models.CharField(max_length=200)),
                ("time_zone", models.CharField(default="America/New_York", max_length=64)),
                ("currency", models.CharField(default="USD", max_length=3)),
                (
                    "fiscal_year_start_month",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                    ),
                ),
                ("week_starts_on", models.PositiveSmallIntegerField(choices=[(1, "Monday"), (7, "Sunday")], default=1)),
                ("onboarding_steps", models.JSONField(default=dict, help_text="step -> instant it was completed")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fiscal_year_start_month__range", (1, 12))),
                        name="accounts_firm_fiscal_month",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("admin", "admin"),
                            ("member", "member"),
                            ("consultant", "consultant"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("whole_firm", "whole_firm"), ("subset", "subset"), ("self", "self")],
                        default="self",
                        max_length=10,
                    ),
                ),
                ("grants", models.JSONField(default=list, help_text="for a subset: the conditions, kpis.md section 7")),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("clio_user_id", models.BigIntegerField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("suspended", "Suspended")], default="active", max_length=10
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="accounts.firm"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64)),
                ("previous_token_hash", models.CharField(blank=True, default="", max_length=64)),
                ("rotated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_because", models.CharField(blank=True, default="", max_length=40)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("user_agent", models.CharField(blank=True, default="", max_length=300)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"), name="accounts_user_email"
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["user"], name="accounts_membership_user"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("firm", "user"), name="accounts_membership_once"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["user", "-id"], name="accounts_session_user"),
        ),
        TenantWall("accounts_membership"),
        Policy("accounts_membership", "own", f"user_id = {USER}"),
        Policy("accounts_membership", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_my_firm_ids",
            "",
            "TABLE (firm_id bigint)",
            f"""
            SELECT membership.firm_id FROM public.accounts_membership membership
            WHERE membership.user_id = {USER} AND membership.status = 'active'
            """,
            reads={"accounts_membership": "firm_id, user_id, status"},
        ),
        TenantWall("accounts_firm", column="id"),
        Policy("accounts_firm", "own", "id = ANY (ARRAY(SELECT firm_id FROM resolve_my_firm_ids()))"),
        Policy("accounts_firm", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_firm_ids",
            "",
            "TABLE (firm_id bigint)",
            "SELECT firm.id FROM public.accounts_firm firm ORDER BY firm.id",
            reads={"accounts_firm": "id"},
        ),
        ResolverFunction(
            "resolve_firm_by_public_id",
            "wanted uuid",
            "TABLE (firm_id bigint)",
            "SELECT firm.id FROM public.accounts_firm firm WHERE firm.public_id = wanted",
            reads={"accounts_firm": "id, public_id"},
        ),
        TenantWall("accounts_session", condition=f"user_id = {USER}", column="user_id"),
    ]
