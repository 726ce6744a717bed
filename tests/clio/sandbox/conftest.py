"""One generated sandbox for the tests that only read; a fresh one for those that change or count."""

from collections.abc import Iterator

import pytest

from tests.clio.sandbox.server import RunningSandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    """Serve the small firm without a rate limit."""
    with running_sandbox() as running:
        yield running


@pytest.fixture
def own_sandbox() -> Iterator[RunningSandbox]:
    """Serve the small firm to one test alone."""
    with running_sandbox() as running:
        yield running
