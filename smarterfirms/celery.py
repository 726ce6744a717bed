"""The Celery application: its broker settings and the one task that runs every job."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarterfirms.settings")

app = Celery("smarterfirms")


def _configure() -> None:
    from django.conf import settings

    from smarterfirms.schedule import beat_schedule
    from smarterfirms.settings.addresses import celery_broker_url

    visibility_timeout = 900  # seconds; every application on one broker must agree, and it exceeds the hard time limit
    broker_url = celery_broker_url(settings.CELERY_BROKER_URL)
    app.conf.update(
        broker_url=broker_url,
        # Named too, because Celery itself would read CELERY_BROKER_URL untranslated and prefer it.
        broker_read_url=broker_url,
        broker_write_url=broker_url,
        broker_transport_options={
            "visibility_timeout": visibility_timeout,
            "socket_timeout": 10,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "queue_order_strategy": "priority",
            "global_keyprefix": settings.REDIS_KEY_PREFIX,
        },
        visibility_timeout=visibility_timeout,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_retry_on_worker_lost=True,
        task_time_limit=600,
        task_soft_time_limit=570,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=500,
        worker_max_memory_per_child=400_000,
        worker_hijack_root_logger=False,
        task_ignore_result=True,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.5},
        task_serializer="json",
        accept_content=["json"],
        task_create_missing_queues=False,
        task_queues=[Queue(name, Exchange(name), routing_key=name) for name in settings.JOB_QUEUES],
        task_default_queue="default",
        beat_schedule=beat_schedule(),
        beat_schedule_filename=str(settings.VAR_DIR / "beat"),
        timezone="UTC",
    )


@worker_init.connect
@beat_init.connect
def _prepare_process(**_: Any) -> None:
    from django.conf import settings

    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    if settings.USES_EMBEDDED_SERVERS:
        from smarterfirms import embedded

        embedded.ensure(settings.VAR_DIR)


_configure()
app.autodiscover_tasks(["apps.core"], related_name="jobs.tasks")
