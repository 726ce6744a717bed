"""The only way to firm-owned rows: one short transaction that carries the firm to the database's row-level security."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.db import connection, transaction

from apps.core.errors import FirmErased

Value = TypeVar("Value", int, str)
_current_firm: ContextVar[int | None] = ContextVar("current_firm", default=None)
_current_user: ContextVar[int | None] = ContextVar("current_user", default=None)
_current_address: ContextVar[str | None] = ContextVar("current_address", default=None)


# The class of the locks that writers of a firm share: any number, the same everywhere. The second statement sees what
# was committed while the first waited.
_WRITERS = 7_305_041
_JOIN = "SELECT pg_advisory_xact_lock_shared(%s, %s); SELECT EXISTS (SELECT FROM core_erasedfirm WHERE firm_id = %s)"


class WrongTenant(RuntimeError):
    """Code tried to enter a second firm while inside the first: always a fault of ours, never of a caller."""


@contextmanager
def tenant(
    firm_id: int, *, read_only: bool = False, snapshot: bool = False, even_erased: bool = False
) -> Iterator[None]:
    """Open one transaction in which the database shows the rows of this firm and of no other.

    read_only: the database refuses writes inside. snapshot, implied by read_only: all statements see the firm as it was
    at the first one; a write that meets another's is then refused by the database, to be tried again. Inside the same
    firm it joins the transaction that is open.
    `on_commit` callbacks run outside of it and open their own. Raises WrongTenant inside another firm.

    A transaction that writes holds the firm's shared lock until it ends, and the erasure of a firm waits for all of
    them (`keep_writers_out`); one that begins later waits for the erasure and is refused by FirmErased, but for
    even_erased, which is the erasure's own look for what was left.
    """
    entered = _current_firm.get()
    if entered not in (None, firm_id):
        raise WrongTenant(f"inside firm {entered}, asked for firm {firm_id}")
    if entered == firm_id and connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _local_setting(
        _current_firm, "app.firm_id", firm_id, read_only=read_only, snapshot=snapshot or read_only, joins=not read_only
    ) as is_erased:
        if is_erased and not even_erased:
            raise FirmErased
        yield


def keep_writers_out(firm_id: int) -> None:
    """Wait until nobody else writes for the firm, and let nobody begin until the open transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_WRITERS, _lock_number(firm_id)])


def _lock_number(firm_id: int) -> int:
    """Fold a firm's id into a lock's 32 bits; two firms with one number only wait for each other's erasure."""
    return firm_id % 2**31


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


def current_user_id() -> int | None:
    """Return the person behind whose wall the open transaction stands, or None."""
    return _current_user.get()


@contextmanager
def _local_setting(
    variable: ContextVar[Value | None],
    name: str,
    value: Value,
    *,
    read_only: bool,
    snapshot: bool = False,
    joins: bool = False,
) -> Iterator[bool]:
    """Open the transaction. joins: also join the writers of the firm that `value` is; yields whether it was erased."""
    nested, before = connection.in_atomic_block, variable.get()
    with transaction.atomic():
        firm_id = int(value) if joins else None
        is_erased = _set(name, str(value), read_only=read_only, snapshot=snapshot and not nested, firm_id=firm_id)
        token = variable.set(value)
        try:
            yield is_erased
        finally:
            variable.reset(token)
        if nested:  # the outer transaction lives on and must not inherit the firm; a rollback restores it by itself
            _set(name, "" if before is None else str(before))


def _set(name: str, value: str, *, read_only: bool = False, snapshot: bool = False, firm_id: int | None = None) -> bool:
    """Set the variable, and join the writers of a firm where one is named; tell whether that firm was erased."""
    # The isolation level can only be set before a transaction's first query; all travel in one round trip.
    query = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; " if snapshot else ""
    query += "SELECT set_config(%s, %s, true)"
    values: list[str | int] = [name, value]
    if read_only:
        query += ", set_config('transaction_read_only', 'on', true)"
    if firm_id is not None:
        query += f"; {_JOIN}"
        values += [_WRITERS, _lock_number(firm_id), firm_id]
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return firm_id is not None and bool(cursor.fetchone()[0])
