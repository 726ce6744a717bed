"""At what percent of a matter's budget Clio tells people: mirrored, and published at the end of the matters' view."""

from django.db import migrations

import apps.clio.models.columns

_VIEW = "clio_out_matters"
_FROM = "FROM clio_matters WHERE gone_at IS NULL"
_COLUMNS = (
    "clio_id AS matter_id, display_number, description, status, billable, billing_method, open_date, pending_date, "
    "close_date, client_id, practice_area_id, responsible_attorney_id, originating_attorney_id, group_id, created_at, "
    "client_name, matter_stage_id, matter_stage_name, matter_stage_updated_at, last_activity_date, location, "
    "matter_budget_budget AS budget, matter_budget_include_expenses AS budget_includes_expenses, "
    "evergreen_retainer_minimum_threshold AS evergreen_minimum, custom_rate_type, account_balances, "
    "responsible_staff_id, attorney_allocation_originating_attorney_allocation AS originating_share, "
    "attorney_allocation_responsible_attorney_allocation AS responsible_share, currency_code AS currency, updated_at, "
    "first_synced_at"
)
_BEFORE = f"CREATE VIEW {_VIEW} WITH (security_invoker = true) AS SELECT firm_id, {_COLUMNS} {_FROM}"
_AFTER = (
    f"CREATE OR REPLACE VIEW {_VIEW} WITH (security_invoker = true) AS "
    f"SELECT firm_id, {_COLUMNS}, matter_budget_notification_threshold AS budget_threshold {_FROM}"
)


class Migration(migrations.Migration):
    dependencies = [
        ("clio", "0013_gone_matters"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="matter_budget_notification_threshold",
            field=apps.clio.models.columns.Numeric(null=True),
        ),
        migrations.RunSQL(
            sql=_AFTER,
            reverse_sql=[
                f"DROP VIEW {_VIEW}",
                _BEFORE,
                f"REVOKE ALL ON {_VIEW} FROM smarterfirms_app",
                f"GRANT SELECT ON {_VIEW} TO smarterfirms_app",
            ],
        ),
    ]
