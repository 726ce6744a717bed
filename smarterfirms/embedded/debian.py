"""Programs that come as Debian packages: used where installed, else unpacked under `var/` without any privilege.

apt resolves and downloads what is missing into folders of our own, and nothing of the machine is changed: no package
is installed, no service is started, and neither root nor sudo is needed.
"""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from smarterfirms.embedded.places import EmbeddedServerFailed

_SYSTEM_FOLDERS = ("/usr/sbin", "/usr/bin", "/sbin", "/bin")


@dataclass(frozen=True, slots=True)
class Program:
    """A program and, when it was unpacked and not installed, the folders of its libraries."""

    path: Path
    libraries: tuple[Path, ...] = ()

    def environment(self) -> dict[str, str]:
        """Return the environment to start it in."""
        if not self.libraries:
            return dict(os.environ)
        known = [os.environ["LD_LIBRARY_PATH"]] if os.environ.get("LD_LIBRARY_PATH") else []
        return {**os.environ, "LD_LIBRARY_PATH": ":".join([*map(str, self.libraries), *known])}


def find_programs(wanted: dict[str, str], folder: Path, *, path: str | None = None) -> dict[str, Program]:
    """Return the programs by name, fetching what is neither installed nor under `folder`.

    wanted: package by program, such as `{"redis-server": "redis-server"}`. path: where to look for installed ones.
    Raises EmbeddedServerFailed with a sentence that says what to install.
    """
    look_in = path if path is not None else _usual_path()
    found = {name: _find(name, folder, look_in) for name in wanted}
    missing = sorted({wanted[name] for name, program in found.items() if program is None})
    if missing:
        _fetch(missing, folder)
        found = {name: program or _find(name, folder, look_in) for name, program in found.items()}
    absent = sorted({wanted[name] for name, program in found.items() if program is None})
    if absent:
        raise EmbeddedServerFailed(f"The Debian packages hold no such program; please install {' and '.join(absent)}.")
    return {name: program for name, program in found.items() if program is not None}


def _usual_path() -> str:
    """Where programs are installed, an ordinary user's blind spots included and our own wheels' programs left out."""
    own = str(Path(sys.executable).parent)
    return os.pathsep.join([*(part for part in os.get_exec_path() if part != own), *_SYSTEM_FOLDERS])


def _find(name: str, folder: Path, look_in: str) -> Program | None:
    installed = shutil.which(name, path=look_in)
    if installed:
        return Program(Path(installed))
    root = folder / "root"
    for place in ("usr/bin", "usr/sbin", "bin", "sbin"):
        if (root / place / name).exists():
            triplet = f"{platform.machine()}-linux-gnu"
            return Program(root / place / name, (root / "usr/lib" / triplet, root / "lib" / triplet))
    return None


def _fetch(packages: list[str], folder: Path) -> None:
    """Download the packages with whatever they need and this machine lacks, and unpack them under `folder/root`."""
    ask = f"Please install {' and '.join(packages)} (on Debian: apt-get install {' '.join(packages)})"
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise EmbeddedServerFailed(f"{ask}; without apt-get they cannot be fetched from here.")
    for part in ("state/lists/partial", "cache/archives/partial", "root"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    print(f"Fetching {', '.join(packages)} into {folder} ...", flush=True)  # noqa: T201 - for the person at the terminal
    try:
        _apt(folder, "update")
        _apt(folder, "install", "--download-only", "--no-install-recommends", "--yes", *packages)
        for archive in sorted((folder / "cache" / "archives").glob("*.deb")):
            _run(["dpkg", "--extract", str(archive), str(folder / "root")])
    except subprocess.CalledProcessError as error:
        reason = (error.output or "").strip().splitlines()[-1:] or [f"exit code {error.returncode}"]
        raise EmbeddedServerFailed(f"{ask}; they could not be fetched: {reason[0]}") from error


def _apt(folder: Path, *arguments: str) -> None:
    options = {
        "Dir::State": str(folder / "state"),
        "Dir::State::Lists": str(folder / "state" / "lists"),
        "Dir::State::status": "/var/lib/dpkg/status",  # what is installed need not be downloaded
        "Dir::Cache": str(folder / "cache"),
        "Dir::Log": str(folder / "state"),
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",  # as root apt would download as an account that cannot enter our folder
    }
    _run(["apt-get", *(part for name, value in options.items() for part in ("-o", f"{name}={value}")), *arguments])


def _run(command: list[str]) -> None:
    subprocess.run(  # noqa: S603 - apt-get and dpkg, with arguments of ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
    )
