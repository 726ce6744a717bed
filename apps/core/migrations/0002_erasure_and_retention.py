import django.db.models.functions.datetime
from django.db import migrations, models

from apps.core.rowsecurity import OWNER, AppendOnly, RetentionMayRemove, TenantWall

# The trail stays append-only for the application. Entries older than seven years may go, by the owner of the tables
# alone (`manage.py prune_audit_trail`).
MAY_GROW_OLD = f"""
CREATE OR REPLACE FUNCTION core_auditentry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = '{OWNER}' AND OLD.happened_at < now() - interval '7 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'core_auditentry is append-only';
END $$;
"""
NEVER = """
CREATE OR REPLACE FUNCTION core_auditentry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'core_auditentry is append-only'; END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasedFirm",
            fields=[
                ("firm_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("erased_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        TenantWall("core_erasedfirm"),
        AppendOnly("core_erasedfirm"),
        RetentionMayRemove(
            "core_job",
            "(status = 'done' AND finished_at < now() - interval '14 days')"
            " OR (status = 'dead' AND finished_at < now() - interval '90 days')",
        ),
        RetentionMayRemove("core_rememberedanswer", "created_at < now() - interval '7 days'"),
        migrations.RunSQL(MAY_GROW_OLD, NEVER),
    ]
