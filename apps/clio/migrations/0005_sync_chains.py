"""Lists are read several at once, each by its own cursor: a step has chains."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core.rowsecurity import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_getting_in"),
        ("clio", "0004_whole_mirror"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="syncstep",
            name="cursor",
        ),
        migrations.RemoveField(
            model_name="syncstep",
            name="variant",
        ),
        migrations.AddField(
            model_name="syncedentity",
            name="in_each_run",
            field=models.BooleanField(db_default=True, help_text="it is read in every run and counts for data as of"),
        ),
        migrations.AddField(
            model_name="syncedentity",
            name="open_read_at",
            field=models.DateTimeField(help_text="start of the last reading of all that is not settled", null=True),
        ),
        migrations.AddField(
            model_name="syncrun",
            name="bills_named_to",
            field=models.BigIntegerField(
                help_text="mirror version up to which bills named by changed records were read again", null=True
            ),
        ),
        migrations.AddField(
            model_name="syncstep",
            name="asked_ms",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="syncstep",
            name="parsed_ms",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="syncstep",
            name="reads_open",
            field=models.BooleanField(db_default=False, help_text="besides changes, whatever is not settled yet"),
        ),
        migrations.AddField(
            model_name="syncstep",
            name="wrote_ms",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AlterField(
            model_name="syncrun",
            name="kind",
            field=models.CharField(
                choices=[("full", "Full"), ("incremental", "Incremental"), ("entities", "Entities")], max_length=12
            ),
        ),
        migrations.CreateModel(
            name="SyncChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("variant", models.PositiveSmallIntegerField(default=0, help_text="which of the entity's filters")),
                ("filters", models.JSONField(default=dict)),
                ("cursor", models.TextField(blank=True, default="", help_text="address of the next page")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Pending"), ("closing", "Closing"), ("done", "Done")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("expected", models.BigIntegerField(null=True)),
                ("records", models.BigIntegerField(default=0)),
                ("pages", models.BigIntegerField(default=0)),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.firm",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chains",
                        to="clio.syncstep",
                    ),
                ),
            ],
            options={
                "db_table": "clio_sync_chains",
                "constraints": [
                    models.UniqueConstraint(fields=("firm", "step", "number"), name="clio_sync_chain_once")
                ],
            },
        ),
        # A chain belongs to a step of its own firm, as a step does to a run.
        migrations.AddConstraint(
            model_name="syncstep",
            constraint=models.UniqueConstraint(fields=("firm", "id"), name="clio_sync_step_of_firm"),
        ),
        migrations.RunSQL(
            sql="ALTER TABLE clio_sync_chains ADD CONSTRAINT clio_sync_chain_step FOREIGN KEY (firm_id, step_id) "
            "REFERENCES clio_sync_steps (firm_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
            reverse_sql="ALTER TABLE clio_sync_chains DROP CONSTRAINT clio_sync_chain_step",
        ),
        TenantWall("clio_sync_chains"),
    ]
