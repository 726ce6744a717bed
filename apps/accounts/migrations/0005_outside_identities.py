import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import apps.core.uuids
from apps.core.rowsecurity import RESOLVER, USER, Policy, ResolverFunction, TenantWall

# An attempt is begun by nobody in particular: it shows itself to whoever names the digest of its state.
STATE = "nullif(current_setting('app.address_digest', true), '')"
LONG_GONE = "expires_at < now() - interval '1 day'"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_own_account"),
    ]

    operations = [
        migrations.AddField(
            model_name="sentcode",
            name="vendor_sid",
            field=models.CharField(blank=True, db_default="", default="", max_length=34),
        ),
        migrations.AddField(
            model_name="sentcode",
            name="number_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="sentcode",
            name="code_digest",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.CreateModel(
            name="IdentityAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state_hash", models.CharField(help_text="SHA-256 of the state", max_length=64, unique=True)),
                (
                    "browser_hash",
                    models.CharField(help_text="SHA-256 of the cookie the browser was given", max_length=64),
                ),
                ("sealed_details", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="accounts_identityattempt_age")],
            },
        ),
        migrations.CreateModel(
            name="LinkedIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(db_default=apps.core.uuids.UuidV7(), editable=False, unique=True),
                ),
                ("provider", models.CharField(max_length=20)),
                ("region", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=64)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("account_name", models.CharField(blank=True, default="", max_length=200)),
                ("linked_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user"], name="accounts_linkedidentity_user")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "region", "subject"), name="accounts_linkedidentity_one_account"
                    )
                ],
            },
        ),
        TenantWall("accounts_linkedidentity", condition=f"user_id = {USER}", column="user_id"),
        TenantWall("accounts_identityattempt", condition=f"state_hash = {STATE}", column="state_hash"),
        Policy("accounts_identityattempt", "stale", LONG_GONE),
        Policy("accounts_identityattempt", "stale_gone", LONG_GONE, command="DELETE"),
        Policy("accounts_linkedidentity", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_identity",
            "from_provider text, of_region text, who text",
            "TABLE (user_id bigint, identity_id bigint)",
            """
            SELECT identity.user_id, identity.id FROM public.accounts_linkedidentity identity
            WHERE identity.provider = from_provider AND identity.region = of_region AND identity.subject = who
            """,
            reads={"accounts_linkedidentity": "id, user_id, provider, region, subject"},
        ),
    ]
