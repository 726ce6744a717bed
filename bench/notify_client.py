"""One client of the notifications benchmark, in a process of its own. Nothing of Django may be imported above."""

import os
import time
from typing import Any


def accept_for(user_id: int, database: str, broker: str, seconds: float, start: Any, counts: Any) -> None:
    """Accept messages for so long, a commit each, once every client is ready; tell how many and in what time."""
    os.environ["REDIS_URL"] = broker  # Celery itself reads CELERY_BROKER_URL, and knows no unix://
    import django

    django.setup()
    from django.db import connection, transaction

    import smarterfirms.celery  # noqa: F401 - makes our Celery application the current one
    from apps.notifications.interface import notify

    connection.settings_dict["NAME"] = database

    def accept() -> None:
        with transaction.atomic():
            notify(recipient=user_id, kind="accounts.welcome", context={"name": "Olivia Hart"})

    for _ in range(20):
        accept()
    start.wait()
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        accept()
        count += 1
    counts.put((count, time.perf_counter() - begun))
    connection.close()
