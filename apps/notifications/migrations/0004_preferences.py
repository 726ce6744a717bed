import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import apps.core.uuids
from apps.core.rowsecurity import RESOLVER, STAFF, USER, Policy, ResolverFunction, StaffMayRead, TenantWall

_IN_INBOX = Q(("archived_at__isnull", True), ("in_app", True))


def _person() -> models.OneToOneField:
    return models.OneToOneField(
        on_delete=django.db.models.deletion.CASCADE,
        primary_key=True,
        related_name="+",
        serialize=False,
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_wording"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                (
                    "channel",
                    models.CharField(choices=[("email", "EMAIL"), ("sms", "SMS"), ("in_app", "IN_APP")], max_length=10),
                ),
                (
                    "choice",
                    models.CharField(choices=[("on", "ON"), ("off", "OFF"), ("digest", "DIGEST")], max_length=10),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "channel"), name="notifications_preference_once"),
                    models.CheckConstraint(
                        condition=Q(Q(("choice", "digest"), _negated=True), ("channel", "email"), _connector="OR"),
                        name="notifications_preference_digest_is_mail",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                ("user", _person()),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField()),
            ],
            options={
                "verbose_name_plural": "quiet hours",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("starts_at", F("ends_at")), _negated=True), name="notifications_quiethours_some"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestSchedule",
            fields=[
                ("user", _person()),
                ("hour", models.PositiveSmallIntegerField(default=8, help_text="local, 0 to 23")),
                ("next_at", models.DateTimeField(help_text="empty: nothing is gathered", null=True)),
                ("last_day", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("hour__gte", 0), ("hour__lte", 23)), name="notifications_digest_hour"
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=Q(("next_at__isnull", False)), fields=["next_at"], name="notifications_digest_due"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsideRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("firm_id", models.BigIntegerField()),
                ("address_digest", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=60)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm_id", "address_digest", "kind"), name="notifications_refusal_once"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="notification",
            name="public_id",
            field=models.UUIDField(db_default=apps.core.uuids.UuidV7(), editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="in_app",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(model_name="notification", name="read_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="notification", name="archived_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(condition=_IN_INBOX, fields=["user", "-public_id"], name="notifications_inbox"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=Q(("archived_at__isnull", True), ("in_app", True), ("read_at__isnull", True)),
                fields=["user", "-public_id"],
                name="notifications_inbox_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=Q(("archived_at__isnull", False), ("in_app", True)),
                fields=["user", "-public_id"],
                name="notifications_inbox_archive",
            ),
        ),
        migrations.AddField(model_name="delivery", name="kind", field=models.CharField(db_default="", max_length=60)),
        migrations.RunSQL(
            "UPDATE notifications_delivery delivery SET kind = said.kind "
            "FROM notifications_notification said WHERE said.id = delivery.notification_id",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="delivery",
            name="masked_address",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="delivery",
            name="gathered_in",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="gathered",
                to="notifications.notification",
            ),
        ),
        migrations.RemoveIndex(model_name="delivery", name="notifications_delivery_user"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["user", "-message_key"], name="notifications_delivery_user"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["status", "-message_key"], name="notifications_delivery_status"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["kind", "-message_key"], name="notifications_delivery_kind"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=Q(("address_digest", ""), _negated=True),
                fields=["address_digest", "-message_key"],
                name="notifications_delivery_address",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(condition=Q(("status", "held")), fields=["user"], name="notifications_delivery_held"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=Q(("gathered_in__isnull", False)),
                fields=["gathered_in"],
                name="notifications_delivery_digest",
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="masked_address",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.RunSQL(
            f"GRANT SELECT (address_digest, masked_address) ON notifications_suppression TO {STAFF}",
            f"REVOKE SELECT (address_digest, masked_address) ON notifications_suppression FROM {STAFF}",
        ),
        # What a person wants is theirs alone; what an outside address refused belongs to the firm it heard from.
        TenantWall("notifications_preference", condition=f"user_id = {USER}", column="user_id"),
        TenantWall("notifications_quiethours", condition=f"user_id = {USER}", column="user_id"),
        TenantWall("notifications_digestschedule", condition=f"user_id = {USER}", column="user_id"),
        TenantWall("notifications_outsiderefusal"),
        Policy("notifications_digestschedule", "resolver", "true", role=RESOLVER),
        ResolverFunction(
            "resolve_due_digests",
            "at_most integer",
            "TABLE (user_id bigint)",
            """
            SELECT schedule.user_id FROM public.notifications_digestschedule schedule
            WHERE schedule.next_at <= statement_timestamp()
            ORDER BY schedule.next_at LIMIT at_most
            """,
            reads={"notifications_digestschedule": "user_id, next_at"},
        ),
        # Staff see the life of a message: never its context, never a whole address.
        StaffMayRead("notifications_notification", "id, user_id, firm_id, kind, public_id, in_app, created_at"),
        StaffMayRead(
            "notifications_delivery",
            "id, notification_id, user_id, firm_id, kind, channel, status, message_key, vendor_message_id, "
            "address_digest, masked_address, gathered_in_id, segments, attempts, available_at, lease_until, sent_at, reason, created_at",
        ),
    ]
