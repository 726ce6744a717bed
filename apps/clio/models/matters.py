"""Matters, mirrored."""

from apps.clio.models.columns import amount, day, document, flag, identifier, instant, sought, text
from apps.clio.models.mirrored import Mirrored, listed_by


class Matter(Mirrored):
    """A case or engagement of a client."""

    number = identifier()
    display_number = text()
    custom_number = text()
    description = text()
    status = text()
    billable = flag()
    billing_method = text()
    location = text()
    client_reference = text()
    open_date = day()
    pending_date = day()
    close_date = day()
    last_activity_date = day()
    matter_stage_updated_at = instant()
    has_tasks = flag()
    client_id = identifier()
    client_name = text()
    client_type = text()
    practice_area_id = identifier()
    practice_area_name = text()
    matter_stage_id = identifier()
    matter_stage_name = text()
    responsible_attorney_id = identifier()
    responsible_attorney_name = text()
    originating_attorney_id = identifier()
    originating_attorney_name = text()
    user_id = identifier()
    user_name = text()
    group_id = identifier()
    group_name = text()
    matter_budget_id = identifier()
    matter_budget_budget = amount()
    matter_budget_include_expenses = flag()
    matter_budget_notification_threshold = amount()
    evergreen_retainer_id = identifier()
    evergreen_retainer_minimum_threshold = amount()
    custom_rate_type = text()
    account_balances = document()
    # Of a newer Clio only.
    currency_id = identifier()
    currency_code = text()
    attorney_allocation_originating_attorney_allocation = amount()
    attorney_allocation_responsible_attorney_allocation = amount()
    responsible_staff_id = identifier()
    responsible_staff_name = text()
    # Ours, for finding them by the beginning of a name or number.
    sought_number = sought("display_number")
    sought_client = sought("client_name")

    class Meta(Mirrored.Meta):
        db_table = "clio_matters"
        indexes = [
            listed_by("clio_matters", "client_id"),
            listed_by("clio_matters", "open_date"),
            listed_by("clio_matters", "updated_at"),
            listed_by("clio_matters", "changed_at"),
            listed_by("clio_matters", "close_date"),
            listed_by("clio_matters", "practice_area_id"),
            listed_by("clio_matters", "responsible_attorney_id"),
            listed_by("clio_matters", "originating_attorney_id"),
            listed_by("clio_matters", "sought_number"),
            listed_by("clio_matters", "sought_client"),
        ]
