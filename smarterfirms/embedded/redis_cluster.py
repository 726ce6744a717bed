"""A Redis Cluster of three nodes on loopback ports, behind a password: what production caches in, for tests."""

import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from smarterfirms.embedded.children import running, wait_until
from smarterfirms.embedded.debian import Program
from smarterfirms.embedded.places import EmbeddedServerFailed

_SLOTS = 16384
_BUS = 10_000  # nodes gossip on the port this far above their own
_SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
masterauth {password}
cluster-enabled yes
cluster-config-file {folder}/nodes.conf
cluster-node-timeout 2000
dir {folder}
save ""
appendonly no
"""


@dataclass(frozen=True, slots=True)
class Node:
    """One server of the cluster."""

    port: int
    process_id: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster and the address by which the product finds it."""

    nodes: tuple[Node, ...]
    password: str

    @property
    def url(self) -> str:
        """The value for CACHE_URL."""
        return f"redis+cluster://:{self.password}@127.0.0.1:{self.nodes[0].port}"

    def client(self, node: Node) -> redis.Redis:
        """Return a client of one node, for looking at it alone."""
        return _client(node.port, self.password)


@contextmanager
def redis_cluster(program: Program, folder: Path, *, size: int = 3) -> Iterator[Cluster]:
    """Run a cluster of so many nodes inside the block; all slots are shared out before it begins.

    folder: where each node keeps its files; what it held before is forgotten. Raises EmbeddedServerFailed.
    """
    password = secrets.token_urlsafe(24)
    with ExitStack() as stack:
        ports = _free_ports(size)
        nodes = [Node(port, stack.enter_context(_node(program, folder, port, password))) for port in ports]
        cluster = Cluster(tuple(nodes), password)
        _join(cluster, folder / str(ports[0]) / "redis.log")
        yield cluster


@contextmanager
def _node(program: Program, folder: Path, port: int, password: str) -> Iterator[int]:
    home = folder / str(port)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / "nodes.conf").unlink(missing_ok=True)
    settings, log = home / "redis.conf", home / "redis.log"
    settings.touch(mode=0o600)
    settings.write_text(_SETTINGS.format(port=port, password=password, folder=home))
    with running(program, [str(settings)], log=log, answers=lambda: _answers(port, password)) as child:
        yield child.pid


def _join(cluster: Cluster, log: Path) -> None:
    """Introduce the nodes to each other, share out the slots, and wait until each sees a whole cluster."""
    size = len(cluster.nodes)
    for number, node in enumerate(cluster.nodes):
        with cluster.client(node) as client:
            slots = range(_SLOTS * number // size, _SLOTS * (number + 1) // size)
            client.execute_command("CLUSTER ADDSLOTS", *slots)
            client.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
    for node in cluster.nodes[1:]:
        with cluster.client(node) as client:
            client.execute_command("CLUSTER MEET", "127.0.0.1", cluster.nodes[0].port)
    wait_until(
        lambda: all(_is_whole(cluster, node) for node in cluster.nodes), what="The Redis Cluster", log=log, seconds=30
    )


def _is_whole(cluster: Cluster, node: Node) -> bool:
    with cluster.client(node) as client:
        known = client.execute_command("CLUSTER INFO")
    return known["cluster_state"] == "ok" and int(known["cluster_known_nodes"]) == len(cluster.nodes)


def _answers(port: int, password: str) -> bool:
    try:
        with _client(port, password) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _client(port: int, password: str) -> redis.Redis:
    return redis.Redis(host="127.0.0.1", port=port, password=password, socket_timeout=5)


def _free_ports(how_many: int) -> list[int]:
    """Find ports that are free together with their nodes' second ones."""
    start = 20_000 + secrets.randbelow(9_000)
    free: list[int] = []
    for port in range(start, start + 2_000):
        if _is_free(port) and _is_free(port + _BUS):
            free.append(port)
        if len(free) == how_many:
            return free
    raise EmbeddedServerFailed("No free ports were found for a Redis Cluster.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
