import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import apps.core.uuids
from apps.core.rowsecurity import RESOLVER, USER, Policy, ResolverFunction, TenantWall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactCard",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(blank=True, default="", help_text="E.164, or empty", max_length=16)),
                ("zone", models.CharField(default="UTC", help_text="IANA name", max_length=64)),
                ("locale", models.CharField(default="en-US", max_length=20)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="Notification",
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outside_email", ""), ("user__isnull", False)),
                            models.Q(
                                ("firm_id__isnull", False),
                                ("user__isnull", True),
                                models.Q(("outside_email", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notifications_notification_one_recipient",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["user", "-id"], name="notifications_of_user"),
                    models.Index(fields=["firm_id", "-id"], name="notifications_of_firm"),
                ],
            },
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outside_email", models.EmailField(blank=True, default="", max_length=254)),
                ("firm_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=60)),
                ("sealed_context", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
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
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("firm_id", models.BigIntegerField(null=True)),
                ("channel", models.CharField(max_length=10)),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Pending"), ("sending", "Sending"), ("sent", "Sent"), ("dead", "Dead")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                (
                    "message_key",
                    models.UUIDField(db_default=apps.core.uuids.UuidV7(), editable=False, unique=True),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("available_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="", help_text="why the last try failed")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
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
                (
                    "notification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notifications.notification",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "constraints": [
                    models.UniqueConstraint(fields=("notification", "channel"), name="notifications_delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("user__isnull", False), ("firm_id__isnull", False), _connector="OR"),
                        name="notifications_delivery_owned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("status", "sent")),
                            models.Q(models.Q(("status", "sent"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="notifications_delivery_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), ("status", "dead"), _negated=True),
                        name="notifications_delivery_dead_why",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "sending"])),
                        fields=["available_at"],
                        name="notifications_delivery_due",
                    ),
                    models.Index(fields=["user", "-id"], name="notifications_delivery_user"),
                    models.Index(fields=["firm_id", "-id"], name="notifications_delivery_firm"),
                ],
            },
        ),
        # A contact card is seen by nobody but its person, and by us only while acting for them.
        TenantWall("notifications_contactcard", condition=f"user_id = {USER}", column="user_id"),
        # What is said is seen by the person it is said to, and by the firm it is about.
        TenantWall("notifications_notification"),
        Policy("notifications_notification", "recipient", f"user_id = {USER}", command="ALL"),
        TenantWall("notifications_delivery"),
        Policy("notifications_delivery", "recipient", f"user_id = {USER}", command="ALL"),
        Policy("notifications_delivery", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_due_deliveries",
            "at_most integer",
            "TABLE (delivery_id bigint, user_id bigint, firm_id bigint)",
            """
            SELECT delivery.id, delivery.user_id, delivery.firm_id FROM public.notifications_delivery delivery
            WHERE delivery.status IN ('pending', 'sending') AND delivery.available_at <= statement_timestamp()
              AND (delivery.lease_until IS NULL OR delivery.lease_until < statement_timestamp())
            ORDER BY delivery.available_at LIMIT at_most
            """,
            reads={"notifications_delivery": "id, user_id, firm_id, status, available_at, lease_until"},
        ),
    ]
