"""Matters, mirrored."""

from apps.clio.models.columns import amount, day, document, flag, identifier, instant, text
from apps.clio.models.mirrored import Mirrored


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
    evergreen_retainer_id = identifier()
    evergreen_retainer_minimum_threshold = amount()
    custom_rate_type = text()
    account_balances = document()

    class Meta(Mirrored.Meta):
        db_table = "clio_matters"
