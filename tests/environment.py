"""A pytest plugin loaded before Django's settings: whatever the shell says, the tests run as `test`."""

import os

os.environ["APP_ENV"] = "test"
os.environ.setdefault("LOG_LEVEL", "INFO")
