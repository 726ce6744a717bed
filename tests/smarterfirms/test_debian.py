"""Programs of Debian packages: found, fetched without privileges, or asked for in one sentence."""

import os
from pathlib import Path

import pytest

from smarterfirms.embedded.debian import find_programs
from smarterfirms.embedded.places import EmbeddedServerFailed

pytestmark = pytest.mark.servers

_WANTED = {"pool-program": "pool-package"}


def _script(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def _apt(folder: Path, *, downloads: str = "") -> Path:
    """An apt-get that hands over a file under the cache it was told, and a dpkg that unpacks it."""
    fetch = f'for word in "$@"; do case $word in Dir::Cache=*) cache=${{word#*=}};; esac; done\n{downloads}'
    _script(folder / "apt-get", fetch)
    _script(folder / "dpkg", 'mkdir -p "$3/usr/sbin"; cp "$2" "$3/usr/sbin/pool-program"')
    return folder


def test_an_installed_program_is_used_as_it_is(tmp_path):
    installed = _script(tmp_path / "bin" / "pool-program")

    found = find_programs(_WANTED, tmp_path / "debian", path=str(installed.parent))

    assert found["pool-program"].path == installed
    assert found["pool-program"].environment() == dict(os.environ)
    assert not (tmp_path / "debian").exists()


def test_a_missing_one_is_fetched_once_and_knows_its_libraries(tmp_path, monkeypatch):
    downloads = 'case "$*" in *download-only*pool-package*) echo fetched > $cache/archives/pool-package.deb;; esac'
    apt = _apt(tmp_path / "apt", downloads=downloads)
    monkeypatch.setenv("PATH", f"{apt}:{os.environ['PATH']}")

    first = find_programs(_WANTED, tmp_path / "debian", path=str(tmp_path / "nowhere"))
    _script(apt / "apt-get", "exit 100")
    second = find_programs(_WANTED, tmp_path / "debian", path=str(tmp_path / "nowhere"))

    assert first == second
    program = first["pool-program"]
    assert program.path.read_text() == "fetched\n"
    assert program.environment()["LD_LIBRARY_PATH"].startswith(str(tmp_path / "debian" / "root" / "usr" / "lib"))


def test_without_apt_the_package_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EmbeddedServerFailed, match="Please install pool-package .*without apt-get"):
        find_programs(_WANTED, tmp_path / "debian", path=str(tmp_path))


def test_an_apt_that_fails_is_quoted(tmp_path, monkeypatch):
    apt = _apt(tmp_path / "apt", downloads="echo 'E: no such package'; exit 100")
    monkeypatch.setenv("PATH", f"{apt}:{os.environ['PATH']}")

    with pytest.raises(EmbeddedServerFailed, match="Please install pool-package .*E: no such package"):
        find_programs(_WANTED, tmp_path / "debian", path=str(tmp_path / "nowhere"))


def test_packages_without_the_program_are_said(tmp_path, monkeypatch):
    apt = _apt(tmp_path / "apt")
    monkeypatch.setenv("PATH", f"{apt}:{os.environ['PATH']}")

    with pytest.raises(EmbeddedServerFailed, match="hold no such program; please install pool-package"):
        find_programs(_WANTED, tmp_path / "debian", path=str(tmp_path / "nowhere"))
