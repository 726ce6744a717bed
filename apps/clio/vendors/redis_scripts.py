"""What all workers share in Redis, changed by scripts in one atomic step each.

Every script has exactly one key, so that a cluster can run it as well as a single server.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from apps.core.errors import VendorUnavailable
from apps.core.shared_memory import REDIS_FAULTS, redis_script

_TIMEOUT_SECONDS = 5.0  # no person waits here, and without the budget nothing may be sent


class Scripts:
    """Scripts by name, all with one key. `run` raises VendorUnavailable without Redis."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def run(self, name: str, key: str, *arguments: int) -> Any:
        """Run a script on one key and return what it answers."""
        try:
            script = redis_script(settings.CACHE_URL, self._texts[name], _TIMEOUT_SECONDS)
            return script(keys=[key], args=list(arguments))
        except REDIS_FAULTS as error:
            raise VendorUnavailable("The shared request budget cannot be reached.") from error
