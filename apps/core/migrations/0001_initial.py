import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from apps.core.rowsecurity import FIRM, RESOLVER, USER, AppendOnly, Policy, ResolverFunction, TenantWall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("firm_id", models.BigIntegerField(null=True)),
                ("name", models.CharField(max_length=100)),
                ("arguments", models.JSONField(default=dict)),
                ("queue", models.CharField(default="default", max_length=20)),
                ("dedupe_key", models.CharField(max_length=200, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Pending"), ("running", "Running"), ("done", "Done"), ("dead", "Dead")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("available_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("published_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("last_error", models.TextField(blank=True, default="")),
                ("request_id", models.CharField(blank=True, default="", max_length=64)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "running"])),
                        fields=["available_at"],
                        name="core_job_due",
                    ),
                    models.Index(fields=["firm_id", "-id"], name="core_job_firm"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dedupe_key__isnull", False), ("status", "pending")),
                        fields=("firm_id", "name", "dedupe_key"),
                        name="core_job_one_pending_per_key",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PeriodicRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("slot", models.BigIntegerField(help_text="seconds since 1970, rounded down to the job's interval")),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("name", "slot"), name="core_periodicrun_slot")],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("firm_id", models.BigIntegerField(null=True)),
                ("action", models.CharField(max_length=100)),
                ("target", models.CharField(blank=True, default="", max_length=200)),
                ("details", models.JSONField(default=dict)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("request_id", models.CharField(blank=True, default="", max_length=64)),
                ("happened_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "indexes": [models.Index(fields=["firm_id", "-id"], name="core_auditentry_firm")],
            },
        ),
        migrations.CreateModel(
            name="RememberedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("route", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=100)),
                ("request_digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.JSONField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "route", "key"), name="core_rememberedanswer_key")
                ],
            },
        ),
        # Jobs of the platform have no firm; they carry ids only and every worker may see them.
        TenantWall("core_job", condition=f"firm_id IS NULL OR firm_id = {FIRM}"),
        Policy("core_job", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_due_jobs",
            "at_most integer",
            "TABLE (firm_id bigint, job_id bigint, queue text)",
            """
            SELECT job.firm_id, job.id, job.queue::text FROM public.core_job job
            WHERE job.status IN ('pending', 'running') AND job.available_at <= now()
              AND (job.lease_until IS NULL OR job.lease_until < now())
              AND (job.published_at IS NULL OR job.published_at < now() - interval '60 seconds')
            ORDER BY job.available_at LIMIT at_most
            """,
            reads={"core_job": "id, firm_id, queue, status, available_at, lease_until, published_at"},
        ),
        # An entry of no firm (a sign-in) may be written by all, and is read by the person it is about.
        TenantWall("core_auditentry"),
        Policy("core_auditentry", "nobodys_firm", "firm_id IS NULL", command="INSERT"),
        Policy("core_auditentry", "own", f"user_id = {USER}"),
        AppendOnly("core_auditentry"),
        TenantWall("core_rememberedanswer", condition=f"user_id = {USER}", column="user_id"),
    ]
