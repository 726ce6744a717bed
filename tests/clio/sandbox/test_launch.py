"""The command: one clear line when ready, a sentence when it cannot start, a quiet end."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[3]
SMALL = ("--timekeepers", "1", "--years", "1", "--port")


def start(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "apps.clio.sandbox", *SMALL, *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_starts_says_so_refuses_a_taken_port_and_ends_quietly() -> None:
    process = start("0", "--rate-limit", "12")
    assert process.stdout is not None
    ready = next(line for line in process.stdout if line.startswith("Clio sandbox at "))
    port = re.search(r":(\d+):", ready)
    assert port is not None
    assert "12 requests a minute" in ready
    assert "activities" in ready

    second = start(port[1])
    _, errors = second.communicate(timeout=120)
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port[1]}" in errors
    assert "Traceback" not in errors

    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
