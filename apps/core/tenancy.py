"""The only way to firm-owned rows: one short transaction that carries the firm to the database's row-level security."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.db import connection, transaction

Value = TypeVar("Value", int, str)
_current_firm: ContextVar[int | None] = ContextVar("current_firm", default=None)
_current_user: ContextVar[int | None] = ContextVar("current_user", default=None)
_current_address: ContextVar[str | None] = ContextVar("current_address", default=None)


class WrongTenant(RuntimeError):
    """Code tried to enter a second firm while inside the first: always a fault of ours, never of a caller."""


@contextmanager
def tenant(firm_id: int, *, read_only: bool = False, snapshot: bool = False) -> Iterator[None]:
    """Open one transaction in which the database shows the rows of this firm and of no other.

    read_only: the database refuses writes inside. snapshot, implied by read_only: all statements see the firm as it was
    at the first one; a write that meets another's is then refused by the database, to be tried again. Inside the same
    firm it joins the transaction that is open.
    `on_commit` callbacks run outside of it and open their own. Raises WrongTenant inside another firm.
    """
    entered = _current_firm.get()
    if entered not in (None, firm_id):
        raise WrongTenant(f"inside firm {entered}, asked for firm {firm_id}")
    if entered == firm_id and connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _local_setting(_current_firm, "app.firm_id", firm_id, read_only=read_only, snapshot=snapshot or read_only):
        yield


@contextmanager
def acting_as(user_id: int, *, read_only: bool = False) -> Iterator[None]:
    """Open one transaction in which the database shows a person's own rows (sessions, memberships, their firms)."""
    with _local_setting(_current_user, "app.user_id", user_id, read_only=read_only):
        yield


@contextmanager
def knowing_address(digest: str) -> Iterator[None]:
    """Open one transaction in which the database shows what is kept about an address, to whoever names its digest."""
    with _local_setting(_current_address, "app.address_digest", digest, read_only=False):
        yield


def current_firm_id() -> int | None:
    """Return the firm of the transaction that is open, or None."""
    return _current_firm.get()


@contextmanager
def _local_setting(
    variable: ContextVar[Value | None], name: str, value: Value, *, read_only: bool, snapshot: bool = False
) -> Iterator[None]:
    nested, before = connection.in_atomic_block, variable.get()
    with transaction.atomic():
        _set(name, str(value), read_only=read_only, snapshot=snapshot and not nested)
        token = variable.set(value)
        try:
            yield
        finally:
            variable.reset(token)
        if nested:  # the outer transaction lives on and must not inherit the firm; a rollback restores it by itself
            _set(name, "" if before is None else str(before))


def _set(name: str, value: str, *, read_only: bool = False, snapshot: bool = False) -> None:
    # The isolation level can only be set before a transaction's first query; both travel in one round trip.
    query = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; " if snapshot else ""
    query += "SELECT set_config(%s, %s, true)"
    if read_only:
        query += ", set_config('transaction_read_only', 'on', true)"
    with connection.cursor() as cursor:
        cursor.execute(query, [name, value])
