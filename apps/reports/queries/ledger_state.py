"""What a firm's ledger was built from, and what was noticed."""

from dataclasses import replace
from datetime import date, datetime

from django.db import connection
from django.db.models import Q

from apps.accounts.interface import FirmProfile
from apps.core.scope import Scope
from apps.reports.contracts import LedgerState
from apps.reports.models import LedgerState as StateRow
from apps.reports.models.state import LEDGER_REVISION
from apps.reports.queries.kept import ledger_settings_version
from apps.reports.rules.periods import today_in

_STATE = """
SELECT generation, mirror_version, built_at, unreconciled_bills, unbalanced_bills, hidden_rows,
       (SELECT count(*) FROM reports_time WHERE firm_id = %(firm)s AND worked_on > %(today)s)
       + (SELECT count(*) FROM reports_expense WHERE firm_id = %(firm)s AND worked_on > %(today)s)
       + (SELECT count(*) FROM reports_bill WHERE firm_id = %(firm)s AND issued_on > %(today)s)
       + (SELECT count(DISTINCT allocation_id) FROM reports_settle WHERE firm_id = %(firm)s AND settled_on > %(today)s)
       + (SELECT count(*) FROM reports_interest WHERE firm_id = %(firm)s AND charged_on > %(today)s),
       currencies
FROM reports_ledger_state WHERE firm_id = %(firm)s
"""


def find_ledger_state(*, scope: Scope, today: date) -> LedgerState | None:
    """Return the state of the ledger, or None before the first build. The counts of faults are the whole firm's."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"firm": scope.firm_id, "today": today})
        row = cursor.fetchone()
    return None if row is None else replace(LedgerState(*row[:-1]), currencies=tuple(row[-1]))


def is_current(*, profile: FirmProfile, mirror_version: int, now: datetime) -> bool:
    """Tell whether the ledger was built from this mirror and the firm's settings as they are, as it would be today."""
    return StateRow.objects.filter(
        Q(stale_on=None) | Q(stale_on__gt=today_in(profile.time_zone, now)),
        revision=LEDGER_REVISION,
        firm_id=profile.firm_id,
        mirror_version=mirror_version,
        currency=profile.currency,
        time_zone=profile.time_zone,
        settings_version=ledger_settings_version(firm_id=profile.firm_id),
    ).exists()
