import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from apps.core.rowsecurity import FIRM, RESOLVER, USER, Policy, ResolverFunction, StaffMayRead, TenantWall

# Whoever knows an address may see what is kept about it; services set this for one transaction (knowing_address).
ADDRESS = "nullif(current_setting('app.address_digest', true), '')"
UNSENT = ["pending", "sending", "held", "dead", "suppressed", "skipped"]
OLD_DUE = """
    SELECT delivery.id, delivery.user_id, delivery.firm_id FROM public.notifications_delivery delivery
    WHERE delivery.status IN ('pending', 'sending') AND delivery.available_at <= statement_timestamp()
      AND (delivery.lease_until IS NULL OR delivery.lease_until < statement_timestamp())
    ORDER BY delivery.available_at LIMIT at_most
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # --- Deliveries: what vendors call them, where they went, and every state a message can be in
        migrations.RemoveConstraint(model_name="delivery", name="notifications_delivery_sent_when"),
        migrations.RemoveConstraint(model_name="delivery", name="notifications_delivery_dead_why"),
        migrations.RemoveIndex(model_name="delivery", name="notifications_delivery_due"),
        migrations.AddField(
            model_name="delivery",
            name="vendor_message_id",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="delivery",
            name="address_digest",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="delivery",
            name="segments",
            field=models.PositiveSmallIntegerField(help_text="of an SMS, as counted by us", null=True),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("sending", "Sending"),
                    ("held", "Held"),
                    ("sent", "Sent"),
                    ("delivered", "Delivered"),
                    ("opened", "Opened"),
                    ("clicked", "Clicked"),
                    ("bounced", "Bounced"),
                    ("failed", "Failed"),
                    ("complained", "Complained"),
                    ("dead", "Dead"),
                    ("suppressed", "Suppressed"),
                    ("skipped", "Skipped"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["available_at"],
                condition=Q(status__in=["pending", "sending", "held"]),
                name="notifications_delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["-id"], condition=Q(status="dead"), name="notifications_delivery_dead"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=Q(status__in=UNSENT, sent_at__isnull=True)
                | (~Q(status__in=UNSENT) & Q(sent_at__isnull=False)),
                name="notifications_delivery_sent_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=~Q(status__in=["dead", "suppressed", "skipped", "held"], reason=""),
                name="notifications_delivery_dead_why",
            ),
        ),
        migrations.RunSQL(
            sql="DROP FUNCTION resolve_due_deliveries(integer)",
            reverse_sql=ResolverFunction(
                "resolve_due_deliveries",
                "at_most integer",
                "TABLE (delivery_id bigint, user_id bigint, firm_id bigint)",
                OLD_DUE,
                reads={},
            ).sql,
        ),
        ResolverFunction(
            "resolve_due_deliveries",
            "at_most integer",
            "TABLE (delivery_id bigint, user_id bigint, firm_id bigint, channel text)",
            """
            SELECT delivery.id, delivery.user_id, delivery.firm_id, delivery.channel::text
            FROM public.notifications_delivery delivery
            WHERE delivery.status IN ('pending', 'sending', 'held')
              AND delivery.available_at <= statement_timestamp()
              AND (delivery.lease_until IS NULL OR delivery.lease_until < statement_timestamp())
            ORDER BY delivery.available_at LIMIT at_most
            """,
            reads={"notifications_delivery": "id, user_id, firm_id, channel, status, available_at, lease_until"},
        ),
        # A vendor's callback names a message by the key we gave it.
        ResolverFunction(
            "resolve_delivery_by_key",
            "key uuid",
            "TABLE (delivery_id bigint, user_id bigint, firm_id bigint)",
            """
            SELECT delivery.id, delivery.user_id, delivery.firm_id FROM public.notifications_delivery delivery
            WHERE delivery.message_key = key
            """,
            reads={"notifications_delivery": "message_key"},
        ),
        # An operator's command names dead letters by id, or takes them all.
        ResolverFunction(
            "resolve_dead_deliveries",
            "wanted bigint[], of_channel text, since timestamptz, at_most integer",
            "TABLE (delivery_id bigint, user_id bigint, firm_id bigint, channel text)",
            """
            SELECT delivery.id, delivery.user_id, delivery.firm_id, delivery.channel::text
            FROM public.notifications_delivery delivery
            WHERE delivery.status = 'dead' AND (wanted IS NULL OR delivery.id = ANY (wanted))
              AND (of_channel IS NULL OR delivery.channel = of_channel)
              AND (since IS NULL OR delivery.created_at >= since)
            ORDER BY delivery.id DESC LIMIT at_most
            """,
            reads={"notifications_delivery": "created_at"},
        ),
        # --- Events: the inbox of vendors' callbacks
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", models.CharField(max_length=10)),
                ("delivery_key", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="notifications.delivery",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("firm_id", models.BigIntegerField(null=True)),
                ("vendor_message_id", models.CharField(blank=True, default="", max_length=200)),
                ("address_digest", models.CharField(max_length=64)),
                ("sealed_address", models.TextField()),
                (
                    "code",
                    models.CharField(
                        blank=True, default="", help_text="the vendor's own word for the reason", max_length=40
                    ),
                ),
                (
                    "makes_unusable",
                    models.CharField(
                        blank=True, default="", help_text="what it says about the address for good", max_length=20
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("available_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("handled_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=20)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "delivery_key"), name="notifications_event_once"),
                    models.CheckConstraint(
                        condition=Q(delivery__isnull=True, firm_id__isnull=True, user__isnull=True)
                        | (Q(delivery__isnull=False) & (Q(user__isnull=False) | Q(firm_id__isnull=False))),
                        name="notifications_event_owned",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["available_at"], condition=Q(handled_at__isnull=True), name="notifications_event_due"
                    ),
                ],
            },
        ),
        TenantWall("notifications_providerevent", condition=f"firm_id = {FIRM} OR address_digest = {ADDRESS}"),
        Policy("notifications_providerevent", "recipient", f"user_id = {USER}", command="ALL"),
        Policy("notifications_providerevent", "resolver", "true", role=RESOLVER),
        StaffMayRead(
            "notifications_providerevent",
            "id, vendor, kind, delivery_id, user_id, firm_id, vendor_message_id, code, makes_unusable, happened_at, "
            "received_at, available_at, attempts, handled_at, outcome",
        ),
        ResolverFunction(
            "resolve_due_events",
            "at_most integer",
            "TABLE (event_id bigint, user_id bigint, firm_id bigint, address_digest text)",
            """
            SELECT event.id, event.user_id, event.firm_id, event.address_digest::text
            FROM public.notifications_providerevent event
            WHERE event.handled_at IS NULL AND event.available_at <= statement_timestamp()
            ORDER BY event.available_at, event.id LIMIT at_most
            """,
            reads={"notifications_providerevent": "id, user_id, firm_id, address_digest, handled_at, available_at"},
        ),
        # Digests of random tokens, nobody's: there is nothing in it to wall off.
        migrations.CreateModel(
            name="UsedToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "used_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True),
                ),
            ],
        ),
        # --- Suppression: addresses that must not be written to
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=10)),
                ("address_digest", models.CharField(max_length=64)),
                ("sealed_address", models.TextField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("hard_bounce", "Hard Bounce"),
                            ("complaint", "Complaint"),
                            ("stop", "Stop"),
                            ("invalid", "Invalid"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "address_digest", "reason"),
                        condition=Q(released_at__isnull=True),
                        name="notifications_suppression_once",
                    ),
                ],
            },
        ),
        TenantWall("notifications_suppression", condition=f"address_digest = {ADDRESS}", column="address_digest"),
        StaffMayRead(
            "notifications_suppression",
            "id, channel, reason, created_at, released_at, released_by_id",
            update="released_at, released_by_id",
        ),
    ]
