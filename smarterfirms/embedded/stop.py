"""`python -m smarterfirms.embedded.stop`: stop this checkout's servers, or say who still needs them."""

import sys

from smarterfirms.embedded import stop_if_unused
from smarterfirms.embedded.places import Places
from smarterfirms.settings.environment import BASE_DIR

if __name__ == "__main__":
    var = BASE_DIR / "var"
    if (var / "users.lock").exists() and not stop_if_unused(Places(var)):
        sys.exit("The embedded servers are in use by a running process of this checkout; stop that first.")
