"""The embedded servers: short sockets for long paths, one set per checkout, nothing left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smarterfirms.embedded.places import EmbeddedServerFailed, Places
from smarterfirms.settings.environment import BASE_DIR

pytestmark = pytest.mark.servers

_USE = """
import sys, pathlib, psycopg2, redis
from smarterfirms import embedded
var = pathlib.Path(sys.argv[1])
embedded.ensure(var)
places = embedded.Places(var)
connection = psycopg2.connect(host=str(places.sockets), user="smarterfirms_app", dbname="smarterfirms")
cursor = connection.cursor()
cursor.execute("SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), version()")
print(*cursor.fetchone(), sep="|")
print(redis.Redis(unix_socket_path=str(places.redis_socket)).ping())
connection.close()
embedded.release(var)
print(embedded.postgres.is_running(places), embedded.redis.is_running(places))
"""


def test_sockets_stay_short_for_a_long_path():
    long = Places(Path("/srv") / ("x" * 150) / "var")

    assert len(str(long.sockets / ".s.PGSQL.5432")) < 107
    assert long.sockets != Places(Path("/srv") / ("y" * 150) / "var").sockets


def test_refuses_a_socket_folder_of_somebody_else(tmp_path, monkeypatch):
    places = Places(tmp_path / "var")
    places.make()
    monkeypatch.setattr(os, "geteuid", lambda: 54321)

    with pytest.raises(EmbeddedServerFailed, match="belongs to another user"):
        places.make()


def test_a_first_start_cut_off_halfway_and_a_server_killed_do_not_stop_the_next(tmp_path):
    var = tmp_path / "var"
    half_built = var / "postgres.building"
    half_built.mkdir(parents=True)
    (half_built / "PG_VERSION").write_text("18\n")
    killed = _USE.replace("embedded.release(var)", "import os, signal; os.kill(_pid(var), signal.SIGKILL)").replace(
        "print(embedded.postgres.is_running(places), embedded.redis.is_running(places))", "os._exit(0)"
    )
    head = "def _pid(var): return int((var / 'postgres' / 'postmaster.pid').read_text().split()[0])\n"

    first = _run(head + killed, var)
    second = _run(_USE, var)

    assert first.returncode == 0, first.stderr
    assert second.returncode == 0, second.stderr
    assert second.stdout.splitlines()[0].startswith("smarterfirms_app|False")


def _run(program: str, var: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, str(var)],
        capture_output=True,
        text=True,
        cwd=BASE_DIR,
        timeout=300,
        check=False,
    )


def test_start_serve_an_ordinary_role_and_stop_with_the_last_user(tmp_path):
    var = tmp_path / ("deep" * 30) / "var"

    used = _run(_USE, var)

    assert used.returncode == 0, used.stderr
    database, cache, running = used.stdout.splitlines()
    assert database.startswith("smarterfirms_app|False|PostgreSQL 18")
    assert cache == "True"
    assert running == "False False"


def test_no_room_for_the_data_is_one_sentence(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")

    with pytest.raises(EmbeddedServerFailed, match="Cannot create .*var"):
        Places(tmp_path / "var").make()
