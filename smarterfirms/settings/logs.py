"""Structured JSON logs on standard output (readable lines at a terminal), with request, firm, user and job ids."""

import re
from typing import Any

import structlog

_LONG_PART = re.compile(r"[\w-]{32,}")
# Processors that standard-library records and structlog events share.
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _without_request(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drop the request Django hangs on its records: its address may carry a code or a token."""
    event.pop("request", None)
    return event


def _without_secret_paths(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Mask in what Django says of a request the parts of its path that are long enough to be a secret."""
    if event.get("logger") == "django.request":
        event["event"] = _LONG_PART.sub("...", str(event["event"]))
    return event


def _without_values(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Cut from a traceback the lines in which PostgreSQL quotes a row's values."""
    if "exception" in event:
        lines = str(event["exception"]).splitlines()
        event["exception"] = "\n".join(line for line in lines if not line.startswith(("DETAIL:", "CONTEXT:")))
    return event


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING: one handler, ids from the context, the traceback as one field."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _without_request,
                    _without_secret_paths,
                    structlog.processors.format_exc_info,
                    _without_values,
                    renderer,
                ],
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stdout"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    """Route structlog's own loggers through the standard library, so that there is one way out."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
