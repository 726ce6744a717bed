"""The cookies of a deployment: sent over TLS only, out of scripts' reach, and not to be planted from another host."""

import os
import subprocess
import sys

import pytest

from smarterfirms.settings.environment import BASE_DIR
from tests.smarterfirms.test_environment import _STRONG

pytestmark = pytest.mark.servers

_TELL = """
from django.conf import settings
told = ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")
for name in ("SESSION", "CSRF"):
    print(*(getattr(settings, f"{name}_COOKIE_{what}") for what in told))
"""


def test_both_cookies_belong_to_this_host_alone():
    told = subprocess.run(
        [sys.executable, "-c", _TELL],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "smarterfirms.settings", **_STRONG},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert told.stdout.splitlines() == [
        "__Host-session True True Lax / None",
        "__Host-csrf True True Lax / None",
    ], told.stderr
