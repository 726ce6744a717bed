"""Child processes: started, watched, and all gone at the end."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from smarterfirms.demo.stage import Addresses, refuse_if_impossible
from smarterfirms.processes import ProcessFailed, Supervisor, port_is_free, supervised
from smarterfirms.settings.environment import BASE_DIR

pytestmark = pytest.mark.servers

_SLEEP = ["-c", "import time; print('ready', flush=True); time.sleep(600)"]
_PARENT = """
import pathlib, sys, time
from smarterfirms.processes import Supervisor
supervisor = Supervisor(pathlib.Path("."), {}, pathlib.Path(sys.argv[1]))
supervisor.start("child", ["-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"])
print("started", flush=True)
time.sleep(600)
"""


@pytest.fixture
def supervisor(tmp_path):
    return Supervisor(folder=tmp_path, environment={}, logs=tmp_path / "log")


def _lives(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def _wait_until(condition: Callable[[], bool], seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def test_waits_until_it_answers_and_stops_all(supervisor):
    with supervised(supervisor):
        supervisor.start("sleeper", _SLEEP)
        supervisor.wait_until("sleeper", lambda: "ready" in supervisor.log_of("sleeper").read_text())
        pid = supervisor._children["sleeper"].pid
        assert _lives(pid)

    assert not _lives(pid)


def test_tells_how_a_process_ended_and_what_it_said(supervisor):
    supervisor.start("failing", ["-c", "import sys; sys.exit('the disk is full')"])

    with pytest.raises(ProcessFailed, match=r"failing ended with code 1\.\s+the disk is full"):
        supervisor.wait_until("failing", lambda: False)
    supervisor.stop_all()


def test_gives_up_on_one_that_never_answers(supervisor):
    supervisor.start("silent", _SLEEP)

    with pytest.raises(ProcessFailed, match="silent did not answer within 0 s"):
        supervisor.wait_until("silent", lambda: False, seconds=0.2)
    supervisor.stop_all()


def test_children_die_with_a_killed_parent(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(tmp_path)], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    log = tmp_path / "child.log"
    assert _wait_until(lambda: log.exists() and log.read_text().strip().isdigit())
    child = int(log.read_text())

    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    assert _wait_until(lambda: not _lives(child))


def test_a_taken_port_is_one_sentence_with_a_way_out(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert not port_is_free(taken)

        with pytest.raises(ProcessFailed, match=rf"Port {taken} is in use .* PORT={taken + 100} make demo"):
            refuse_if_impossible(Addresses(taken, 1), tmp_path)
