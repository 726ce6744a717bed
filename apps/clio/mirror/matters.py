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
        "matter_budget{id,budget,include_expenses},evergreen_retainer{id,minimum_threshold},custom_rate{type},"
        "account_balances{id,type,balance,name}"
    ),
)
