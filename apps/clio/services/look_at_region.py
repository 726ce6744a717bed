"""How Clio's region of a firm is: whether our workers have stopped asking it for a while."""

from apps.clio.contracts import RegionState
from apps.clio.services.our_applications import host_of
from apps.clio.vendors.breaker import Breaker


def look_at_region(*, region: str) -> RegionState:
    """Return whether a region counts as down and when it is asked again.

    Raises RegionClosed, VendorUnavailable without Redis.
    """
    state = Breaker(host_of(region)).look()
    return RegionState(
        region=region, is_down=state.is_open, failures=state.failures_in_a_row, asked_again_in=state.probes_in_seconds
    )
