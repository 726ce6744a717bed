"""Write to the audit trail."""

import json
from typing import Any

import structlog
from django.db import connection

# Without RETURNING: an entry about nobody's firm may be written by everyone and read by no firm.
_INSERT = """
INSERT INTO core_auditentry (firm_id, user_id, action, target, details, ip, request_id)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s)
"""


def record(
    action: str,
    *,
    firm_id: int | None = None,
    user_id: int | None = None,
    target: str = "",
    ip: str | None = None,
    **details: Any,
) -> None:
    """Add one entry in the open transaction: action `app.past_tense_fact`, ids and plain values, never a secret."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [firm_id, user_id, action, target, json.dumps(details), ip, request_id])
