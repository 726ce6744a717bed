"""A pytest plugin loaded before Django's settings: whatever the shell says, the tests run as `test`.

Each test process has a Redis database of its own, so that two on one server do not empty each other's. Nothing here may
import the settings.
"""

import os
from pathlib import Path

from smarterfirms.embedded.places import Places

_VAR = Path(__file__).resolve().parents[1] / "var"

os.environ["APP_ENV"] = "test"
os.environ.setdefault("LOG_LEVEL", "INFO")
if "REDIS_URL" not in os.environ:
    _number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15
    os.environ["REDIS_URL"] = f"unix://{Places(_VAR).redis_socket}?db={_number}"
