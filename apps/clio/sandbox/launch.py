"""Starts a sandbox from its options and runs it until it is told to stop."""

from __future__ import annotations

import gc
import signal
import threading
import time
from argparse import Namespace
from collections.abc import Callable

from apps.clio.sandbox.authority import Application
from apps.clio.sandbox.dataset import DatasetUnreadable, load_dataset
from apps.clio.sandbox.firm.found import found_firm
from apps.clio.sandbox.sandbox import Rules, Sandbox
from apps.clio.sandbox.server import SandboxServer
from apps.clio.sandbox.store import Store, store_firm

Say = Callable[[str], None]


class CannotStart(Exception):
    """The sandbox did not start; the sentence says why."""


def run(options: Namespace, say: Say) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises CannotStart."""
    begun = time.monotonic()
    server = _bind(options)
    try:
        server.sandbox = Sandbox(_gather(options, say), _rules(options))
        gc.freeze()
        if options.live:
            server.sandbox.shift.start(options.live)
        say(_describe(server, options, time.monotonic() - begun))
        _serve(server)
    except KeyboardInterrupt:
        say("Stopped before it was ready.")
    finally:
        server.server_close()
        server.sandbox.close()


def _bind(options: Namespace) -> SandboxServer:
    """Take the port before the work of inventing a firm."""
    try:
        return SandboxServer(options.host, options.port, Sandbox(Store("")))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise CannotStart(
            f"Cannot listen on {options.host}:{options.port}: {reason}. Choose another --port."
        ) from problem


def _gather(options: Namespace, say: Say) -> Store:
    if options.dataset is not None:
        try:
            return load_dataset(options.dataset)
        except DatasetUnreadable as problem:
            raise CannotStart(str(problem)) from problem
    gc.disable()
    try:
        firm = found_firm(options.seed, options.timekeepers, options.years, options.until, say)
        return store_firm(firm)
    finally:
        gc.enable()


def _rules(options: Namespace) -> Rules:
    redirect_uris = tuple(options.redirect_uri)
    application = Application(options.client_id, options.client_secret, redirect_uris, options.app_name)
    webhooks = {
        "signature": options.webhook_signature, "handshake": options.webhook_handshake,
        "time_scale": options.webhook_time_scale, **options.webhook_faults,
    }  # fmt: skip
    return Rules(
        application, options.rate_limit, options.off_peak_limit, options.region, options.rotate_refresh_tokens,
        options.expires_in, options.faults, fault_seed=options.seed, gzip=options.gzip,
        webhooks=tuple(webhooks.items()), deauthorization_url=options.deauthorization_url,
    )  # fmt: skip


def _describe(server: SandboxServer, options: Namespace, seconds: float) -> str:
    tables = server.sandbox.store.tables
    total = sum(len(table.rows) for table in tables.values())
    limit = f"{options.rate_limit} requests a minute" if options.rate_limit else "no rate limit"
    return (
        f"Clio sandbox at {server.base_url}: {server.sandbox.store.firm_name}, {total:,} records "
        f"({len(tables['activities'].rows):,} activities, {len(tables['bills'].rows):,} bills), {limit}; "
        f"ready after {seconds:.1f} s"
    )


def _serve(server: SandboxServer) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    while not stop.wait(3600):
        pass
    server.closing.set()
    server.shutdown()
