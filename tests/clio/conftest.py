"""A firm beside a served sandbox, whose address and application are the settings'."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from apps.clio.sandbox.authority import Application
from apps.clio.sandbox.sandbox import Rules
from tests.clio.contract import Watch
from tests.clio.factories import connect
from tests.clio.sandbox.server import RunningSandbox, running_sandbox

REDIRECT = "http://127.0.0.1:8000/clio/callback"


@pytest.fixture
def clio(settings: Any) -> Iterator[RunningSandbox]:
    """A sandbox of the test's own, standing for Clio: no rate limit, quick time-outs, a budget nobody else uses.

    Every request and answer is held against Clio's contract.
    """
    settings.PUBLIC_BASE_URL = REDIRECT.removesuffix("/clio/callback")
    watch = Watch()
    redirects = (REDIRECT, REDIRECT.replace("/clio/", "/auth/clio/"))
    application = Application(settings.CLIO_CLIENT_ID, settings.CLIO_CLIENT_SECRET, redirects)
    with running_sandbox(rules=Rules(application, rate_limit=0, timeout_seconds=0.2)) as running:
        running.sandbox.observers.append(watch.see)
        settings.CLIO_US_HOST = running.base_url
        settings.REDIS_KEY_PREFIX = f"test:{uuid.uuid4().hex}:"
        yield running
    assert not watch.faults, watch.faults[:5]


@pytest.fixture
def firm(cast: Any, clio: RunningSandbox) -> Any:
    """The cast's firm, connected to the sandbox; nothing was read yet."""
    connect(cast.firm, clio)
    return cast.firm
