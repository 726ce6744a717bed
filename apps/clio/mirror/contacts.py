"""Contacts: clients and everyone else."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import Contact

CONTACTS = Entity(
    name="contacts",
    model=Contact,
    fields=(
        "id,etag,type,name,first_name,last_name,title,is_client,is_co_counsel,is_bill_recipient,"
        "primary_email_address,primary_phone_number,created_at,updated_at,company{id,name},"
        "primary_address{id,city,province,postal_code,country},account_balances{id,type,balance,name}"
    ),
    optional_fields="currency{id,code}",
    webhook_model="contact",
    webhook_fields="id,etag,updated_at,name,type,is_client",
)
