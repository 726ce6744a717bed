import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from apps.core.rowsecurity import APPLICATION, STAFF


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_events_and_suppression"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WordingVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("channel", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("parts", models.JSONField()),
                ("note", models.CharField(help_text="why the words were changed", max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("approved", "Approved"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("author", _person()),
                ("approver", _person()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("approved_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wording",
                "permissions": [("approve_wordingversion", "Can put wording into use and take it out of use")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "channel", "version"), name="notifications_wording_version"
                    ),
                    models.UniqueConstraint(
                        condition=Q(("state", "approved")),
                        fields=("kind", "channel"),
                        name="notifications_wording_one_approved",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("state", "approved"), _negated=True), ("approved_at__isnull", False), _connector="OR"
                        ),
                        name="notifications_wording_approved_when",
                    ),
                ],
            },
        ),
        # One set of words for every firm, so no wall: everybody reads, only staff write, and what is written stays.
        # The application may forget who wrote it, when that person's account is deleted.
        migrations.RunSQL(
            sql=[
                f"REVOKE INSERT, UPDATE, DELETE ON notifications_wordingversion FROM {APPLICATION}",
                f"GRANT UPDATE (author_id, approver_id) ON notifications_wordingversion TO {APPLICATION}",
                f"GRANT SELECT, INSERT ON notifications_wordingversion TO {STAFF}",
                f"GRANT UPDATE (state, approver_id, approved_at, retired_at) ON notifications_wordingversion TO {STAFF}",
            ],
            reverse_sql=[
                f"REVOKE ALL ON notifications_wordingversion FROM {STAFF}",
                f"GRANT INSERT, UPDATE, DELETE ON notifications_wordingversion TO {APPLICATION}",
            ],
        ),
    ]
