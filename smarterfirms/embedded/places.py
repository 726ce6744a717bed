"""Where the embedded servers of a checkout live."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

_LONGEST_SOCKET_PATH = 100  # sockaddr_un holds 107 characters; the longest name in the folder is "keeper.sock"-sized


class EmbeddedServerFailed(RuntimeError):
    """An embedded server could not be started; the text is a sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of one checkout's servers: data under `var/`, sockets there too unless the path is too long for one."""

    var: Path

    @property
    def postgres_data(self) -> Path:
        return self.var / "postgres"

    @property
    def postgres_log(self) -> Path:
        return self.var / "log" / "postgres.log"

    @property
    def redis_data(self) -> Path:
        return self.var / "redis"

    @property
    def redis_log(self) -> Path:
        return self.var / "log" / "redis.log"

    @property
    def sockets(self) -> Path:
        inside = self.var / "run"
        if len(str(inside / ".s.PGSQL.5432.lock")) <= _LONGEST_SOCKET_PATH:
            return inside
        # Not the shell's TMPDIR: two shells of one checkout must find the same server.
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:12]
        return Path("/tmp") / f"smarterfirms-{os.geteuid()}-{digest}"  # noqa: S108 - its owner is checked in make()

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    def make(self) -> None:
        """Create the folders; only their owner may enter the one with the sockets."""
        try:
            for folder in (self.var, self.var / "log", self.redis_data, self.postgres_data, self.sockets):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise EmbeddedServerFailed(f"Cannot create {error.filename}: {error.strerror}.") from error
        if self.sockets.stat().st_uid != os.geteuid():
            raise EmbeddedServerFailed(f"{self.sockets} belongs to another user; remove it and start again.")


def is_program(pid: str, name: str, argument: str) -> bool:
    """Tell whether a process id is a living program of this name that was given this argument."""
    try:
        words = Path(f"/proc/{int(pid)}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except (OSError, ValueError):
        return False
    return Path(words[0]).name.startswith(name) and any(argument in word for word in words)


def last_lines(log: Path, count: int = 5) -> str:
    """Return the end of a server's log, indented for a message, or an empty string."""
    if not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "".join(f"\n    {line}" for line in lines)
