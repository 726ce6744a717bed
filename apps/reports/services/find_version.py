"""What every answer of a firm depends on besides the question and the reader: two equal versions, two equal answers."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.db import connection

from apps.accounts.interface import FirmProfile, HoursTarget, get_firm_profile, list_hours_targets
from apps.reports.contracts import Freshness
from apps.reports.ledger.freshness import read_freshness
from apps.reports.rules.periods import today_in

_BUILT = """
SELECT generation, (SELECT coalesce(sum(version), 0) FROM reports_settings_version WHERE firm_id = %(firm)s),
       (SELECT checked_at FROM reports_ledger_check WHERE firm_id = %(firm)s ORDER BY checked_on DESC, id DESC LIMIT 1),
       (SELECT concat_ws(' ', day, status, reason, taken_at)
        FROM reports_snapshot WHERE firm_id = %(firm)s ORDER BY day DESC LIMIT 1),
       (SELECT md5(string_agg(concat_ws('/', id, reopened_at IS NULL, is_sound), ',' ORDER BY id))
        FROM reports_periodclose WHERE firm_id = %(firm)s)
FROM reports_ledger_state WHERE firm_id = %(firm)s AND generation > 0
"""


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """How a firm's data stand, and the day it is there. release: the code that makes answers of them.

    checked_at: of the last daily checks, whose faults answers tell. snapshot: the last one, for answers as reported.
    closes: which months are closed, by which close.
    """

    profile: FirmProfile
    freshness: Freshness
    generation: int
    settings_version: int
    hours_targets: tuple[HoursTarget, ...]
    today: date
    release: str
    checked_at: datetime | None = None
    snapshot: str | None = None
    closes: str | None = None


def find_version(*, firm_id: int, now: datetime) -> AnswerVersion | None:
    """Return the version of a firm's answers, or None while there is nothing to answer from.

    Call it inside the transaction that computes the answer, so that both see the same.
    """
    freshness = read_freshness(firm_id=firm_id)
    with connection.cursor() as cursor:
        cursor.execute(_BUILT, {"firm": firm_id})
        row = cursor.fetchone()
    if row is None or not freshness.is_complete:
        return None
    profile, targets = get_firm_profile(firm_id=firm_id), tuple(list_hours_targets(firm_id=firm_id))
    today = today_in(profile.time_zone, now)
    return AnswerVersion(profile, freshness, row[0], int(row[1]), targets, today, _release(), *row[2:])


@lru_cache(maxsize=1)
def _release() -> str:
    """Fingerprint this app's code: another release may make another answer of the same data."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
