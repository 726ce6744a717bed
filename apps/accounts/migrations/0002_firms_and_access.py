from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import apps.accounts.models.firm
import apps.core.uuids
from apps.core.rowsecurity import APPLICATION, RESOLVER, Policy, ResolverFunction, TenantWall

# What the code before this migration does not name must have a value all the same.
DEFAULTS = """
ALTER TABLE accounts_firm ALTER working_days SET DEFAULT '{1,2,3,4,5}', ALTER holidays SET DEFAULT '{}',
    ALTER targets SET DEFAULT '{}', ALTER daily_hours SET DEFAULT 8;
ALTER TABLE accounts_membership ALTER level SET DEFAULT '', ALTER status_reason SET DEFAULT '';
"""
# Foreign keys look over the wall; these compare the firm too.
SAME_FIRM = """
ALTER TABLE accounts_membership ADD CONSTRAINT accounts_membership_firm_id_id UNIQUE (firm_id, id);
ALTER TABLE accounts_apikey ADD CONSTRAINT accounts_apikey_same_firm
    FOREIGN KEY (firm_id, membership_id) REFERENCES accounts_membership (firm_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
# The firm's row is locked first, so of two owners who leave at one moment the second sees that the first is gone.
KEEP_AN_OWNER = """
CREATE FUNCTION accounts_membership_keep_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE erasing timestamptz;
BEGIN
    IF OLD.role <> 'owner' OR OLD.status <> 'active' THEN RETURN NULL; END IF;
    IF TG_OP = 'UPDATE' AND NEW.role = 'owner' AND NEW.status = 'active' THEN RETURN NULL; END IF;
    SELECT firm.erasing_since INTO erasing FROM accounts_firm firm WHERE firm.id = OLD.firm_id FOR UPDATE;
    IF FOUND AND erasing IS NULL AND NOT EXISTS (
        SELECT FROM accounts_membership other
        WHERE other.firm_id = OLD.firm_id AND other.role = 'owner' AND other.status = 'active'
    ) THEN
        RAISE EXCEPTION 'a firm keeps an owner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_firm_has_an_owner';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_membership_keep_owner AFTER UPDATE OR DELETE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_membership_keep_owner();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("prefix", models.CharField(max_length=24, unique=True)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("last_used_ip", models.GenericIPAddressField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ErasureProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(db_default=apps.core.uuids.UuidV7(), editable=False, unique=True),
                ),
                ("firm_public_id", models.UUIDField(unique=True)),
                ("requested_by_id", models.BigIntegerField(null=True)),
                ("requested_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField()),
                ("removed", models.JSONField(help_text="eraser -> rows removed")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FirmErasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField()),
                ("erase_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FirmExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Pending"), ("ready", "Ready"), ("expired", "Expired")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("file", models.CharField(blank=True, default="", help_text="its name in the storage", max_length=200)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("records", models.BigIntegerField(default=0)),
                ("requested_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
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
                        choices=[("whole_firm", "whole_firm"), ("subset", "subset"), ("self", "self")], max_length=10
                    ),
                ),
                ("grants", models.JSONField(default=list)),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("read_only", "read_only"), ("limited", "limited"), ("full", "full")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("clio_user_id", models.BigIntegerField(null=True)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TermsAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("accepted_at", models.DateTimeField()),
                ("ip", models.GenericIPAddressField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="firm",
            name="daily_hours",
            field=models.DecimalField(decimal_places=2, default=Decimal("8.00"), max_digits=4),
        ),
        migrations.AddField(
            model_name="firm",
            name="erasing_since",
            field=models.DateTimeField(help_text="set inside the transaction that erases the firm", null=True),
        ),
        migrations.AddField(
            model_name="firm",
            name="holidays",
            field=models.JSONField(default=dict, help_text="ISO date -> name"),
        ),
        migrations.AddField(
            model_name="firm",
            name="targets",
            field=models.JSONField(default=dict, help_text="KPI's key -> decimal as text"),
        ),
        migrations.AddField(
            model_name="firm",
            name="working_days",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                default=apps.accounts.models.firm.monday_to_friday,
                help_text="ISO weekdays, 1 Monday",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[("read_only", "read_only"), ("limited", "limited"), ("full", "full")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="status_reason",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="membership",
            name="status",
            field=models.CharField(
                choices=[("active", "Active"), ("suspended", "Suspended"), ("ended", "Ended")],
                default="active",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("daily_hours__gt", 0), ("daily_hours__lte", 24)), name="accounts_firm_daily_hours"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("clio_user_id__isnull", False), ("status", "active")),
                fields=("firm", "clio_user_id"),
                name="accounts_membership_clio_user_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("level", ""), ("role", "consultant"), _connector="OR"),
                name="accounts_membership_level",
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="firm",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"),
        ),
        migrations.AddField(
            model_name="apikey",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.membership"
            ),
        ),
        migrations.AddField(
            model_name="firmerasure",
            name="firm",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"),
        ),
        migrations.AddField(
            model_name="firmerasure",
            name="requested_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="firmexport",
            name="firm",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"),
        ),
        migrations.AddField(
            model_name="firmexport",
            name="requested_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="accepted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="firm",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="termsacceptance",
            name="firm",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"),
        ),
        migrations.AddField(
            model_name="termsacceptance",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="apikey",
            index=models.Index(fields=["firm", "-id"], name="accounts_apikey_firm"),
        ),
        migrations.AddConstraint(
            model_name="firmerasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stopped_at__isnull", True)), fields=("firm",), name="accounts_firmerasure_one_open"
            ),
        ),
        migrations.AddIndex(
            model_name="firmexport",
            index=models.Index(fields=["firm", "-id"], name="accounts_firmexport_firm"),
        ),
        migrations.AddConstraint(
            model_name="firmexport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "pending")), fields=("firm",), name="accounts_firmexport_one_pending"
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["firm", "-id"], name="accounts_invitation_firm"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                models.F("firm"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True)),
                name="accounts_invitation_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="termsacceptance",
            constraint=models.UniqueConstraint(
                fields=("firm", "document", "version"), name="accounts_termsacceptance_once"
            ),
        ),
        migrations.RunSQL(DEFAULTS, migrations.RunSQL.noop),
        migrations.RunSQL(
            SAME_FIRM,
            "ALTER TABLE accounts_apikey DROP CONSTRAINT accounts_apikey_same_firm; "
            "ALTER TABLE accounts_membership DROP CONSTRAINT accounts_membership_firm_id_id",
        ),
        migrations.RunSQL(
            KEEP_AN_OWNER,
            "DROP TRIGGER accounts_membership_keep_owner ON accounts_membership; "
            "DROP FUNCTION accounts_membership_keep_owner()",
        ),
        TenantWall("accounts_invitation"),
        Policy("accounts_invitation", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_invitation",
            "digest text",
            "TABLE (firm_id bigint, invitation_id bigint)",
            "SELECT invitation.firm_id, invitation.id FROM public.accounts_invitation invitation "
            "WHERE invitation.token_hash = digest",
            reads={"accounts_invitation": "id, firm_id, token_hash"},
        ),
        TenantWall("accounts_apikey"),
        Policy("accounts_apikey", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_api_key",
            "digest text",
            "TABLE (firm_id bigint, api_key_id bigint)",
            "SELECT api_key.firm_id, api_key.id FROM public.accounts_apikey api_key WHERE api_key.secret_hash = digest",
            reads={"accounts_apikey": "id, firm_id, secret_hash"},
        ),
        TenantWall("accounts_termsacceptance"),
        migrations.RunSQL(
            f"REVOKE UPDATE ON accounts_termsacceptance FROM {APPLICATION}",
            f"GRANT UPDATE ON accounts_termsacceptance TO {APPLICATION}",
        ),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON accounts_erasureproof FROM {APPLICATION}",
            f"GRANT UPDATE, DELETE ON accounts_erasureproof TO {APPLICATION}",
        ),
        TenantWall("accounts_firmexport"),
        TenantWall("accounts_firmerasure"),
    ]
