"""The views by which the mirror is read from outside this app; their columns are a contract, only added to."""

from django.db import migrations

PUBLISHED = {
    "users": "clio_id AS user_id, name, email, enabled, clio_connect, account_owner, subscription_type, rate, time_zone, "
    "created_at, disabled_seen_at, first_synced_at",
    "practice_areas": "clio_id AS practice_area_id, name",
    "contacts": "clio_id AS contact_id, name, type, is_client",
    "matters": "clio_id AS matter_id, display_number, description, status, billable, billing_method, open_date, "
    "pending_date, close_date, client_id, practice_area_id, responsible_attorney_id, originating_attorney_id, group_id, "
    "created_at",
    "activities": "clio_id AS activity_id, type, date, quantity, rounded_quantity, quantity_redacted, price, total, "
    "unbilled_total, non_billable, non_billable_total, no_charge, flat_rate, contingency_fee, billed, on_bill, user_id, "
    "matter_id, activity_description_id, expense_category_id, bill_id, bill_state, created_at",
    "bills": "clio_id AS bill_id, number, type, kind, state, issued_at, due_at, paid_at, sub_total, total, due, balance, "
    "paid, pending, credits_issued, total_tax, discount_services_only, discount_rate, discount_type, "
    "currency_code AS currency, client_id, matter_ids, created_at",
    "line_items": "clio_id AS line_item_id, type, kind, date, price, quantity, sub_total, total, tax, secondary_tax, "
    "bill_id, activity_id, matter_id, user_id, discount_rate, discount_type",
    "allocations": "clio_id AS allocation_id, date, amount, interest, voided_at, created_at, bill_id, matter_id, "
    "contact_id, parent_id, parent_type, payment_type, has_online_payment, "
    "source_bank_account_type AS source_account_type",
    "credit_memos": "clio_id AS credit_memo_id, date, amount, discount, voided_at, contact_id",
    "interest_charges": "clio_id AS interest_charge_id, date, total, bill_id, matter_ids",
}
BOOKKEEPING = {
    # A row once an entity was read to its end or refused in a finished run; before that there is none.
    "clio_out_sync": "SELECT firm_id, entity, first_completed_at, last_completed_at, records, "
    "(first_completed_at IS NOT NULL OR refused <> '') AS settled, refused <> '' AS refused FROM clio_synced_entities",
    "clio_out_version": "SELECT firm_id, version FROM clio_mirror_versions",
}


def publish(view, query):
    """Create a view that shows whoever reads it their own firm's rows only, and lets nobody write through it."""
    return migrations.RunSQL(
        sql=[
            f"CREATE VIEW {view} WITH (security_invoker = true) AS {query}",
            f"REVOKE ALL ON {view} FROM smarterfirms_app",
            f"GRANT SELECT ON {view} TO smarterfirms_app",
        ],
        reverse_sql=f"DROP VIEW {view}",
    )


class Migration(migrations.Migration):
    dependencies = [("clio", "0001_initial")]

    operations = [
        *[
            publish(f"clio_out_{name}", f"SELECT firm_id, {columns} FROM clio_{name} WHERE gone_at IS NULL")
            for name, columns in PUBLISHED.items()
        ],
        *[publish(view, query) for view, query in BOOKKEEPING.items()],
    ]
