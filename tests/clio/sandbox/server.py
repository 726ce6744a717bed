"""A sandbox inside the test's own process: `with running_sandbox() as sandbox: sandbox.base_url`."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from apps.clio.sandbox.dataset import load_dataset
from apps.clio.sandbox.firm.found import DEFAULT_UNTIL, found_firm
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.sandbox import Rules, Sandbox
from apps.clio.sandbox.server import serving
from apps.clio.sandbox.store import Store, store_firm

DATASETS = Path(__file__).with_name("datasets")
UNLIMITED = Rules(rate_limit=0)

SECTION_15 = {
    "users": "id,etag,name,first_name,last_name,initials,email,enabled,account_owner,roles,subscription_type,rate,"
    "time_zone,clio_connect,created_at,updated_at,account{id,name},job_title{id,name},groups{id,name,type}",
    "practice_areas": "id,etag,name,code,category,created_at,updated_at",
    "contacts": "id,etag,type,name,first_name,last_name,title,is_client,is_co_counsel,is_bill_recipient,"
    "primary_email_address,primary_phone_number,created_at,updated_at,company{id,name},"
    "primary_address{id,city,province,postal_code,country},account_balances{id,type,balance,name}",
    "matters": "id,etag,number,display_number,custom_number,description,status,billable,billing_method,location,"
    "client_reference,open_date,pending_date,close_date,last_activity_date,matter_stage_updated_at,has_tasks,"
    "created_at,updated_at,client{id,name,type},practice_area{id,name},matter_stage{id,name},"
    "responsible_attorney{id,name},originating_attorney{id,name},user{id,name},group{id,name},"
    "matter_budget{id,budget,include_expenses},evergreen_retainer{id,minimum_threshold},custom_rate{type},"
    "account_balances{id,type,balance,name}",
    "activities": "id,etag,type,date,quantity,rounded_quantity,quantity_in_hours,rounded_quantity_in_hours,"
    "quantity_redacted,price,total,non_billable,non_billable_total,no_charge,flat_rate,contingency_fee,billed,on_bill,"
    "note,reference,tax_setting,created_at,updated_at,user{id,name},matter{id,display_number},"
    "activity_description{id,name},expense_category{id,name},bill{id,number,state},vendor{id,name},task{id},"
    "calendar_entry{id}",
    "bills": "id,etag,number,type,kind,state,subject,memo,issued_at,due_at,start_at,end_at,paid_at,last_sent_at,total,"
    "sub_total,due,balance,paid,pending,credits_issued,tax_rate,secondary_tax_rate,tax_sum,secondary_tax_sum,total_tax,"
    "services_sub_total,services_tax,services_secondary_tax,discount_services_only,shared,created_at,updated_at,"
    "user{id,name},client{id,name},matters{id,display_number},matter_totals{id,amount},"
    "balances{id,type,amount,interest_amount,due},discount{rate,type},interest{balance,total,rate,period,type},"
    "currency{id,code},group{id,name},original_bill{id,number},destination_account{id,name}",
    "line_items": "id,etag,type,kind,date,description,note,price,quantity,sub_total,total,tax,secondary_tax,taxable,"
    "secondary_taxable,group_ordering,created_at,updated_at,bill{id,number,state},activity{id,type},"
    "matter{id,display_number},user{id,name},discount{rate,type}",
    "allocations": "id,etag,date,amount,interest,voided_at,description,payment_type,has_online_payment,created_at,"
    "updated_at,bill{id,number},matter{id},contact{id,name},"
    "parent{id,type,identifier,secondary_identifier,tertiary_identifier},source_bank_account{id,name,type},"
    "destination_bank_account{id,name,type}",
    "credit_memos": "id,etag,date,amount,description,discount,voided_at,created_at,updated_at,user{id,name},"
    "contact{id,name},allocations{id,amount,date,interest,voided_at}",
    "interest_charges": "id,etag,date,description,total,created_at,updated_at,bill{id,number,state},"
    "balances{id,amount,type},matters{id,display_number}",
}
WHO_AM_I = (
    "id,etag,name,first_name,last_name,email,enabled,account_owner,roles,subscription_type,time_zone,updated_at,"
    "account{id,name,state}"
)


@dataclass
class Reply:
    """What came back: status, headers, body; `json` parses it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the parsed body."""
        return json.loads(self.body)


@dataclass
class RunningSandbox:
    """A served sandbox and a plain HTTP caller for it."""

    base_url: str
    sandbox: Sandbox
    token: str = ""
    _connections: list[HTTPConnection] = field(default_factory=list)

    @property
    def store(self) -> Store:
        """Return what it serves."""
        return self.sandbox.store

    def call(
        self, method: str, address: str, body: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send one request on a connection of its own; the address may be a path or a whole URL."""
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        home = urlsplit(self.base_url)
        connection = HTTPConnection(home.hostname or "", home.port, timeout=10)
        try:
            connection.request(method, target, body, headers or {})
            return _reply(connection.getresponse())
        finally:
            connection.close()

    def control(self, path: str, content: object = None, method: str = "POST") -> Any:
        """Pull a lever under /sandbox/."""
        reply = self.call(method, f"/sandbox/{path}", json.dumps(content or {}))
        assert reply.status in (200, 201), reply.body
        return reply.json

    def get(self, address: str, **headers: str) -> Reply:
        """Read from the Clio surface with a token."""
        if not self.token:
            self.token = str(self.sandbox.authority.new_grant(self.sandbox.oauth.owner()[0])["access_token"])
        path = address if address.startswith(("/", "http")) else f"/api/v4/{address}"
        return self.call("GET", path, headers={"Authorization": f"Bearer {self.token}", **headers})

    def list_all(self, name: str, fields: str | None = None, **parameters: str) -> list[dict[str, Any]]:
        """Return every record of a list, page by page."""
        parameters = {"order": "id(asc)", "fields": fields or SECTION_15[name], **parameters}
        query = "&".join(f"{key}={quote(value)}" for key, value in parameters.items())
        address: str | None = f"{name}.json?{query}"
        records: list[dict[str, Any]] = []
        while address:
            reply = self.get(address)
            assert reply.status == 200, reply.body
            records += reply.json["data"]
            address = reply.json["meta"]["paging"].get("next")
        return records


def _reply(response: HTTPResponse) -> Reply:
    return Reply(response.status, dict(response.getheaders()), response.read())


@functools.lru_cache(maxsize=4)
def small_firm(seed: int = 7, timekeepers: int = 3, years: int = 1) -> Firm:
    """Return a generated firm that tests may read but not change."""
    return found_firm(seed, timekeepers, years, DEFAULT_UNTIL)


def dataset_store(name: str) -> Store:
    """Return the store of a golden dataset, such as golden_march."""
    return load_dataset(DATASETS / f"{name}.json")


@contextmanager
def running_sandbox(
    store: Store | None = None, rules: Rules = UNLIMITED, clock: Callable[[], float] | None = None
) -> Iterator[RunningSandbox]:
    """Serve a store, by default a small generated firm of its own, from a thread until the block ends."""
    chosen = store if store is not None else store_firm(small_firm())
    sandbox = Sandbox(chosen, rules, clock) if clock else Sandbox(chosen, rules)
    with serving(sandbox) as server:
        yield RunningSandbox(server.base_url, sandbox)


def next_token(reply: Reply) -> str | None:
    """Return the page_token of a page's next address."""
    found = re.search(r"page_token=([^&]+)", reply.json["meta"]["paging"].get("next", ""))
    return found[1] if found else None
