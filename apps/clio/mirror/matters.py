"""Matters."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import Matter

MATTERS = Entity(
    name="matters",
    model=Matter,
    fields=(
        "id,etag,number,display_number,custom_number,description,status,billable,billing_method,location,"
        "client_reference,open_date,pending_date,close_date,last_activity_date,matter_stage_updated_at,has_tasks,"
        "created_at,updated_at,client{id,name,type},practice_area{id,name},matter_stage{id,name},"
        "responsible_attorney{id,name},originating_attorney{id,name},user{id,name},group{id,name},"
        "matter_budget{id,budget,include_expenses,notification_threshold},evergreen_retainer{id,minimum_threshold},custom_rate{type},"
        "account_balances{id,type,balance,name}"
    ),
    optional_fields=(
        "currency{id,code},attorney_allocation{originating_attorney_allocation,responsible_attorney_allocation},"
        "responsible_staff{id,name}"
    ),
    webhook_model="matter",
    webhook_fields=(
        "id,etag,updated_at,status,display_number,billable,billing_method,open_date,close_date,client{id},"
        "practice_area{id},matter_stage{id},responsible_attorney{id},originating_attorney{id}"
    ),
    serves_first=True,
    history=(
        "status",
        "open_date",
        "pending_date",
        "close_date",
        "billable",
        "billing_method",
        "client_id",
        "practice_area_id",
        "responsible_attorney_id",
        "originating_attorney_id",
        "group_id",
        "matter_stage_id",
        "matter_budget_budget",
        "matter_budget_include_expenses",
        "evergreen_retainer_minimum_threshold",
    ),
    ledger_date="open_date",
)
