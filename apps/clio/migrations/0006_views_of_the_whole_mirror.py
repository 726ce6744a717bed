"""All that reports can need is published: every entity, what changed, and what was. Columns are only ever added."""

from django.db import migrations

# What the views of migration 0002 get besides: their columns stay, in their order.
MORE = {
    "users": "job_title_id, job_title_name AS job_title, group_ids, updated_at",
    "practice_areas": "code, category",
    "contacts": "first_name, last_name, company_id, company_name, currency_code AS currency, account_balances, created_at, "
    "updated_at",
    "matters": "client_name, matter_stage_id, matter_stage_name, matter_stage_updated_at, last_activity_date, location, "
    "matter_budget_budget AS budget, matter_budget_include_expenses AS budget_includes_expenses, "
    "evergreen_retainer_minimum_threshold AS evergreen_minimum, custom_rate_type, account_balances, responsible_staff_id, "
    "attorney_allocation_originating_attorney_allocation AS originating_share, "
    "attorney_allocation_responsible_attorney_allocation AS responsible_share, currency_code AS currency, updated_at, "
    "first_synced_at",
    "activities": "written_off, currency_code AS currency, vendor_id, task_id, calendar_entry_id, note, reference, tax_setting, "
    "updated_at, first_synced_at",
    "bills": "subject, start_at, end_at, last_sent_at, services_sub_total, tax_sum, secondary_tax_sum, interest_balance, "
    "interest_total, balances, matter_totals, user_id, client_name, group_id, original_bill_id, updated_at, first_synced_at",
    "line_items": "description, note, taxable, secondary_taxable, group_ordering, created_at, updated_at",
    "allocations": "description, contact_name, parent_identifier, source_bank_account_id, source_bank_account_name, "
    "destination_bank_account_id, destination_bank_account_type AS destination_account_type, updated_at",
    "credit_memos": "description, user_id, contact_name, created_at, updated_at",
    "interest_charges": "description, bill_state, created_at, updated_at",
}
WITH_0002 = {
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
NEW = {
    "groups": "clio_id AS group_id, name, type, client_connect_user, user_ids",
    # The contract has text, and nobody has seen whether it is a number's.
    "matter_stages": 'clio_id AS matter_stage_id, name, "order" AS position, '
    "CASE WHEN practice_area_id ~ '^[0-9]{1,18}$' THEN practice_area_id::bigint END AS practice_area_id",
    "currencies": "clio_id AS currency_id, code, sign",
    "billing_settings": "currency, currency_sign, rounding, rounded_duration, use_decimal_rounding, tax_name, tax_rate, "
    "use_secondary_tax, secondary_tax_rate, secondary_tax_rule, use_utbms_codes, updated_at",
    "activity_descriptions": "clio_id AS activity_description_id, name, type, category_type, utbms_activity_id, utbms_task_id, "
    "rate_amount, rate_non_billable_amount, rate_type, rate_hierarchy, currency_code AS currency, group_ids",
    "expense_categories": "clio_id AS expense_category_id, name, rate, entry_type, tax_setting, currency_code AS currency, "
    "group_ids",
    "activity_rates": "clio_id AS activity_rate_id, rate, flat_rate, user_id, group_id, contact_id, co_counsel_contact_id, "
    "created_at, updated_at",
    "relationships": "clio_id AS relationship_id, description, matter_id, contact_id",
    "trust_line_items": "clio_id AS trust_line_item_id, date, total, note, bill_id, matter_id, client_id, created_at",
    # The id of the currency is a decimal in the contract.
    "bank_accounts": "clio_id AS bank_account_id, name, type, balance, currency, trunc(currency_id)::bigint AS currency_id, "
    "institution, holder, default_account, controlled_account, clio_payments_enabled, bank_transactions_count, updated_at",
    # The account is told twice; either form counts.
    "bank_transactions": "clio_id AS bank_transaction_id, coalesce(bank_account_id, bank_account_record_id) AS bank_account_id, "
    "bank_account_type, date, type, transaction_type, source, amount, funds_in, funds_out, currency, currency_id, "
    "exchange_rate, current_account_balance, description, confirmation, clio_payments_transaction, client_id, matter_id, "
    "bill_id, allocation_id, allocation_amount, created_at, updated_at",
    "online_payments": "clio_id AS online_payment_id, state, amount, currency, deposit_as_revenue, confirmation_number, "
    "description, contact_id, destination_account_id, destination_account_type, user_id, bank_transaction_id, bill_ids, "
    "matter_ids, allocations, created_at, updated_at",
    "tasks": "clio_id AS task_id, name, status, priority, due_at, completed_at, statute_of_limitations, time_estimated, "
    "time_entries_count, permission, matter_id, task_type_id, task_type_name, assigner_id, assignee_id, assignee_type, "
    "assignee_name, created_at, updated_at",
    # Flat or within the record: either form of the owner's id counts.
    "calendar_entries": "clio_id AS calendar_entry_id, summary, location, start_at, end_at, all_day, recurrence_rule, "
    "parent_calendar_entry_id, court_rule, coalesce(calendar_owner_id, calendar_owner_record_id) AS calendar_owner_id, "
    "calendar_owner_name, calendar_owner_type, calendar_entry_event_type_name AS event_type, time_entries_count, matter_id, "
    "attendees, created_at, updated_at",
    "outstanding_client_balances": "clio_id AS outstanding_client_balance_id, contact_id, currency_code AS currency, "
    "total_outstanding_balance, pending_payments_total, last_payment_date, last_shared_date, newest_issued_bill_due_date, "
    "associated_matter_ids AS matter_ids, outstanding_bills, changed_at",
    # That the id is the matter's is not told by Clio; the display number is the matter's in any case.
    "billable_matters": "clio_id AS matter_id, display_number, client_id, unbilled_hours, unbilled_amount, amount_in_trust, "
    "currency_id, changed_at",
    "billable_clients": "clio_id AS client_id, name, unbilled_hours, unbilled_amount, amount_in_trust, billable_matters_count, "
    "billable_matters, changed_at",
}
GONE_ACTIVITIES = (
    "SELECT firm_id, clio_id AS activity_id, gone_at, type, date, rounded_quantity, total, unbilled_total, non_billable, "
    "non_billable_total, no_charge, written_off, user_id, matter_id, bill_id, created_at, first_synced_at "
    "FROM clio_activities WHERE gone_at IS NOT NULL"
)
CHANGES = (
    "SELECT firm_id, version, entity, record_id, record_key, columns, bill_id, old_bill_id, matter_id, old_matter_id, "
    "activity_id, old_activity_id, user_id, old_user_id, date, old_date, changed_at FROM clio_changes"
)
HISTORY = "SELECT firm_id, entity, record_id, attribute, value, seen_from FROM clio_history"
VERSION = "SELECT firm_id, version, forgotten_version AS changes_since FROM clio_mirror_versions"
VERSION_0002 = "SELECT firm_id, version FROM clio_mirror_versions"


def statements(view, query):
    return [
        f"CREATE VIEW {view} WITH (security_invoker = true) AS {query}",
        f"REVOKE ALL ON {view} FROM smarterfirms_app",
        f"GRANT SELECT ON {view} TO smarterfirms_app",
    ]


def publish(view, query):
    """Create a view that shows whoever reads it their own firm's rows only, and lets nobody write through it."""
    return migrations.RunSQL(sql=statements(view, query), reverse_sql=f"DROP VIEW {view}")


def extend(view, before, after):
    """Replace a view by one that begins with the same columns."""
    return migrations.RunSQL(
        sql=f"CREATE OR REPLACE VIEW {view} WITH (security_invoker = true) AS {after}",
        reverse_sql=[f"DROP VIEW {view}", *statements(view, before)],
    )


def of_records(name, columns):
    return f"SELECT firm_id, {columns} FROM clio_{name} WHERE gone_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [("clio", "0005_sync_chains")]

    operations = [
        *[
            extend(f"clio_out_{name}", of_records(name, first), of_records(name, f"{first}, {MORE[name]}"))
            for name, first in WITH_0002.items()
        ],
        extend("clio_out_version", VERSION_0002, VERSION),
        *[publish(f"clio_out_{name}", of_records(name, columns)) for name, columns in NEW.items()],
        publish("clio_out_gone_activities", GONE_ACTIVITIES),
        publish("clio_out_changes", CHANGES),
        publish("clio_out_history", HISTORY),
    ]
