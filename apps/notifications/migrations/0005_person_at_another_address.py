from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_preferences"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="sealed_address",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=Q(("sealed_address", ""), Q(("in_app", False), ("user__isnull", False)), _connector="OR"),
                name="notifications_notification_elsewhere",
            ),
        ),
    ]
