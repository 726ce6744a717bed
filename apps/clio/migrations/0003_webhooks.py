import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

from apps.core.rowsecurity import RESOLVER, Policy, ResolverFunction, TenantWall


def _id():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _firm():
    return (
        "firm",
        models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.firm"
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("clio", "0002_views_for_reports")]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                _id(),
                ("model", models.CharField(max_length=40)),
                (
                    "address_hash",
                    models.CharField(help_text="SHA-256 of the last part of the address", max_length=64, unique=True),
                ),
                ("clio_webhook_id", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("opening", "Opening"), ("enabled", "Enabled"), ("refused", "Refused")],
                        default="opening",
                        max_length=10,
                    ),
                ),
                ("detail", models.TextField(blank=True, default="", help_text="what Clio said when it refused")),
                ("sealed_secret", models.TextField(blank=True, default="", help_text="encrypted")),
                ("held_secret", models.TextField(blank=True, default="", help_text="encrypted")),
                (
                    "held_for",
                    models.BigIntegerField(help_text="id of the webhook it was given for, as far as told", null=True),
                ),
                ("held_until", models.DateTimeField(null=True)),
                ("fields", models.TextField(blank=True, default="", help_text="as Clio took them")),
                ("wanted", models.TextField(blank=True, default="", help_text="the fields as they were asked for")),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        default=list,
                        help_text="as Clio answered them",
                        size=None,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("renewed_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "lapse_told_at",
                    models.DateTimeField(help_text="when the administrators were told that it runs out", null=True),
                ),
                _firm(),
            ],
            options={
                "db_table": "clio_webhooks",
                "constraints": [
                    models.UniqueConstraint(fields=("firm", "model"), name="clio_webhook_one_per_model"),
                    models.CheckConstraint(
                        condition=~Q(state="enabled") | (Q(clio_webhook_id__isnull=False) & ~Q(sealed_secret="")),
                        name="clio_webhook_enabled_by_a_secret",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                _id(),
                ("model", models.CharField(max_length=40)),
                ("event", models.CharField(max_length=40)),
                ("record_id", models.CharField(help_text="some of Clio's ids are text", max_length=100)),
                (
                    "digest",
                    models.BinaryField(help_text="SHA-256 of webhook, event, id and etag: the same hint is kept once"),
                ),
                ("received_at", models.DateTimeField(db_default=Now())),
                ("available_at", models.DateTimeField(db_default=Now())),
                ("attempts", models.PositiveSmallIntegerField(db_default=0)),
                ("handled_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, db_default="", max_length=20)),
                _firm(),
            ],
            options={
                "db_table": "clio_webhook_deliveries",
                "constraints": [models.UniqueConstraint(fields=("firm", "digest"), name="clio_webhook_delivery_once")],
                "indexes": [
                    models.Index(
                        fields=["firm", "id"], condition=Q(handled_at__isnull=True), name="clio_delivery_waiting"
                    ),
                    models.Index(
                        fields=["available_at"], condition=Q(handled_at__isnull=True), name="clio_delivery_due"
                    ),
                    models.Index(fields=["firm", "received_at"], name="clio_delivery_received"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookCare",
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
                ("checked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                (
                    "detail",
                    models.TextField(blank=True, default="", help_text="why there are none, in words for people"),
                ),
            ],
            options={"db_table": "clio_webhook_care"},
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                _id(),
                ("task", models.CharField(max_length=20)),
                ("held_by", models.UUIDField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                _firm(),
            ],
            options={
                "db_table": "clio_turns",
                "constraints": [models.UniqueConstraint(fields=("firm", "task"), name="clio_turn_once")],
            },
        ),
        TenantWall("clio_webhooks"),
        TenantWall("clio_webhook_deliveries"),
        TenantWall("clio_webhook_care"),
        TenantWall("clio_turns"),
        # Clio calls an address; whose it is, before the firm is known. Whether the call is believed is decided inside.
        Policy("clio_webhooks", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_clio_webhook",
            "wanted_hash text",
            "TABLE (firm_id bigint, webhook_id bigint)",
            """
            SELECT webhook.firm_id, webhook.id FROM public.clio_webhooks webhook
            WHERE webhook.address_hash = wanted_hash
            """,
            reads={"clio_webhooks": "id, firm_id, address_hash, expires_at, lapse_told_at"},
        ),
        # Connected firms with deliveries that nobody handled although they are due.
        Policy("clio_webhook_deliveries", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_clio_deliveries_due",
            "due_before timestamptz",
            "TABLE (firm_id bigint)",
            """
            SELECT DISTINCT delivery.firm_id FROM public.clio_webhook_deliveries delivery
            JOIN public.clio_connections connection USING (firm_id)
            WHERE delivery.handled_at IS NULL AND delivery.available_at < due_before
              AND connection.status = 'connected'
            ORDER BY delivery.firm_id
            """,
            reads={"clio_webhook_deliveries": "firm_id, handled_at, available_at"},
        ),
        # Connected firms whose webhooks were never compared with Clio's list, or are due to be compared again.
        Policy("clio_webhook_care", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_clio_webhooks_due",
            "due_before timestamptz",
            "TABLE (firm_id bigint)",
            """
            SELECT connection.firm_id FROM public.clio_connections connection
            LEFT JOIN public.clio_webhook_care care USING (firm_id)
            WHERE connection.status = 'connected' AND (care.firm_id IS NULL OR care.due_at < due_before)
            ORDER BY connection.firm_id
            """,
            reads={"clio_webhook_care": "firm_id, due_at"},
        ),
        # Connected firms with a webhook that is about to run out, or has, and nobody was told yet.
        ResolverFunction(
            "resolve_clio_webhooks_lapsing",
            "lapses_before timestamptz",
            "TABLE (firm_id bigint)",
            """
            SELECT DISTINCT webhook.firm_id FROM public.clio_webhooks webhook
            JOIN public.clio_connections connection USING (firm_id)
            WHERE webhook.expires_at < lapses_before AND webhook.lapse_told_at IS NULL
              AND connection.status = 'connected'
            ORDER BY webhook.firm_id
            """,
            reads={},
        ),
    ]
