"""The embedded servers: short sockets for long paths, one set per checkout, nothing left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smarterfirms.embedded.places import EmbeddedServerFailed, Places
from smarterfirms.settings.environment import BASE_DIR

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


def test_start_serve_an_ordinary_role_and_stop_with_the_last_user(tmp_path):
    var = tmp_path / ("deep" * 30) / "var"

    used = subprocess.run(
        [sys.executable, "-c", _USE, str(var)], capture_output=True, text=True, cwd=BASE_DIR, timeout=120, check=False
    )

    assert used.returncode == 0, used.stderr
    database, cache, running = used.stdout.splitlines()
    assert database.startswith("smarterfirms_app|False|PostgreSQL 18")
    assert cache == "True"
    assert running == "False False"


def test_no_room_for_the_data_is_one_sentence(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")

    with pytest.raises(EmbeddedServerFailed, match="Cannot create .*var"):
        Places(tmp_path / "var").make()
