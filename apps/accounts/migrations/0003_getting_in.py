import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import apps.core.uuids
from apps.core.rowsecurity import RESOLVER, USER, Policy, ResolverFunction, TenantWall

# What the code before this migration does not name must have a value all the same.
DEFAULTS = """
ALTER TABLE accounts_session ALTER device SET DEFAULT '', ALTER place SET DEFAULT '', ALTER methods SET DEFAULT '{}';
ALTER TABLE accounts_user ALTER zone SET DEFAULT 'UTC', ALTER locale SET DEFAULT 'en-US';
"""
ADDRESS = "nullif(current_setting('app.address_digest', true), '')"
OF_A_PERSON = (
    "accounts_authenticator",
    "accounts_phone",
    "accounts_sentcode",
    "accounts_recoverycode",
    "accounts_trusteddevice",
    "accounts_mailedtoken",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_firms_and_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirmSecurity",
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
                ("demands_second_factor", models.BooleanField(default=False)),
                ("trusts_devices", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="session",
            name="device",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="session",
            name="factor_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="last_used_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="session",
            name="methods",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="place",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="session",
            name="public_id",
            field=models.UUIDField(db_default=apps.core.uuids.UuidV7(), editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="user",
            name="email_verified_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="locale",
            field=models.CharField(default="en-US", max_length=10),
        ),
        migrations.AddField(
            model_name="user",
            name="password_changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="zone",
            field=models.CharField(default="UTC", max_length=64, verbose_name="time zone"),
        ),
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed_key", models.TextField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("last_step", models.BigIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Phone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TrustedDevice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("device", models.CharField(blank=True, default="", max_length=80)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TryCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("last_tried_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["last_tried_at"], name="accounts_trycounter_age")],
            },
        ),
        migrations.CreateModel(
            name="MailedToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("verify_email", "Verify Email"),
                            ("reset_password", "Reset Password"),
                            ("confirm_new_email", "Confirm New Email"),
                            ("confirm_old_email", "Confirm Old Email"),
                        ],
                        max_length=20,
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("sealed_details", models.TextField(blank=True, default="")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "purpose"], name="accounts_mailedtoken_user")],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "code_digest"), name="accounts_recoverycode_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SentCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("sign_in", "Sign In"), ("step_up", "Step Up"), ("phone", "Phone")], max_length=10
                    ),
                ),
                ("code_digest", models.CharField(max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "purpose", "-id"], name="accounts_sentcode_user")],
            },
        ),
        migrations.RunSQL(DEFAULTS, migrations.RunSQL.noop),
        *[TenantWall(table, condition=f"user_id = {USER}", column="user_id") for table in OF_A_PERSON],
        TenantWall("accounts_firmsecurity"),
        Policy("accounts_firmsecurity", "own", "firm_id = ANY (ARRAY(SELECT firm_id FROM resolve_my_firm_ids()))"),
        TenantWall("accounts_trycounter", condition=f"digest = {ADDRESS}", column="digest"),
        # Counts nobody added to for two days say nothing any more: the job that removes them may see them.
        Policy("accounts_trycounter", "stale", "last_tried_at < now() - interval '2 days'"),
        Policy("accounts_trycounter", "stale_gone", "last_tried_at < now() - interval '2 days'", command="DELETE"),
        Policy("accounts_session", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_session",
            "wanted bigint, person bigint, moment timestamptz",
            "TABLE (factor_at timestamptz, methods text[])",
            """
            SELECT session.factor_at, session.methods::text[]
            FROM public.accounts_session session JOIN public.accounts_user person_row ON person_row.id = session.user_id
            WHERE session.id = wanted AND session.user_id = person AND person_row.is_active
              AND session.revoked_at IS NULL AND session.expires_at > moment
            """,
            reads={
                "accounts_session": "id, user_id, revoked_at, expires_at, factor_at, methods",
                "accounts_user": "id, is_active",
            },
        ),
        Policy("accounts_firmsecurity", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_membership",
            "person bigint, wanted uuid",
            "TABLE (membership_id bigint, firm_id bigint, role text, scope text, level text, grants text,"
            " permissions text[], clio_user_id bigint, demands_second_factor boolean)",
            """
            SELECT membership.id, membership.firm_id, membership.role::text, membership.scope::text,
                   membership.level::text, membership.grants::text, membership.permissions::text[],
                   membership.clio_user_id, coalesce(security.demands_second_factor, false)
            FROM public.accounts_firm firm
            JOIN public.accounts_membership membership ON membership.firm_id = firm.id
            LEFT JOIN public.accounts_firmsecurity security ON security.firm_id = firm.id
            WHERE firm.public_id = wanted AND membership.user_id = person AND membership.status = 'active'
            """,
            reads={
                "accounts_firm": "id, public_id",
                "accounts_firmsecurity": "firm_id, demands_second_factor",
                "accounts_membership": "id, firm_id, user_id, status, role, scope, level, grants, permissions, clio_user_id",
            },
        ),
        Policy("accounts_mailedtoken", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_mailed_token",
            "digest text",
            "TABLE (user_id bigint, token_id bigint)",
            "SELECT token.user_id, token.id FROM public.accounts_mailedtoken token WHERE token.token_hash = digest",
            reads={"accounts_mailedtoken": "id, user_id, token_hash"},
        ),
    ]
