"""The door of clio. Reports alone reads the mirror itself, through the views `clio_out_*` (docs/mirror-views.md)."""

from apps.clio.contracts import ConnectionStatus, ConnectStart, SyncState
from apps.clio.queries.connections import find_app_host
from apps.clio.queries.syncs import find_sync_state, get_mirror_version
from apps.clio.rules.app_pages import app_page
from apps.clio.signals import mirror_changed, sync_completed

__all__ = [
    "ConnectStart",
    "ConnectionStatus",
    "SyncState",
    "app_host",
    "app_page",
    "mirror_changed",
    "mirror_version",
    "sync_completed",
    "sync_state",
]


def app_host(*, firm_id: int) -> str:
    """Return where people of the firm open Clio, for `app_page`; empty if it never was connected."""
    return find_app_host(firm_id=firm_id)


def mirror_version(*, firm_id: int) -> int:
    """Return a number raised whenever mirrored rows of the firm changed; joins the firm's transaction."""
    return get_mirror_version(firm_id=firm_id)


def sync_state(*, firm_id: int) -> SyncState:
    """Return what "data as of" is made of; joins the firm's transaction."""
    return find_sync_state(firm_id=firm_id)
