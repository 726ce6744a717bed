import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [("clio", "0007_life_of_a_grant")]

    operations = [
        migrations.CreateModel(
            name="Farewell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=2)),
                ("access_token", models.TextField(help_text="encrypted")),
                ("refresh_token", models.TextField(help_text="encrypted")),
                ("begun_at", models.DateTimeField(db_default=Now())),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
            ],
            options={
                "db_table": "clio_farewells",
                "indexes": [models.Index(fields=["firm"], name="clio_farewells_firm")],
            },
        ),
        TenantWall("clio_farewells"),
    ]
