"""Retries wait longer and longer, and outlast an hour without the vendor."""

import pytest

from apps.notifications.rules.backoff import MOST_ATTEMPTS, retry_delay_seconds


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [(1, 1.0, 15), (1, 0.0, 7.5), (5, 1.0, 240), (9, 1.0, 3600), (12, 1.0, 3600)],
)
def test_delay(attempts: int, jitter: float, seconds: float):
    assert retry_delay_seconds(attempts, jitter=jitter) == seconds


def test_the_least_lucky_tries_span_more_than_an_hour():
    assert sum(retry_delay_seconds(attempt, jitter=0) for attempt in range(1, MOST_ATTEMPTS)) > 2 * 3600
