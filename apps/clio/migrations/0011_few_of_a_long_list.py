"""How the few rows of a long list are found that a part of the firm holds: by person, and those that tell no matter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clio", "0010_record_lists"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                fields=["firm"], condition=models.Q(matter_id__isnull=True), name="clio_allocations_no_matter"
            ),
        ),
        migrations.AddIndex(
            model_name="lineitem",
            index=models.Index(fields=["firm", "user_id"], name="clio_line_items_user_id"),
        ),
        migrations.AddIndex(
            model_name="lineitem",
            index=models.Index(
                fields=["firm"], condition=models.Q(matter_id__isnull=True), name="clio_line_items_no_matter"
            ),
        ),
    ]
