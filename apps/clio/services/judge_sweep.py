"""Decide what may be concluded from what a sweep did not see: deleted, or only hidden from us."""

from django.db import connection
from django.db.models import Count

from apps.clio.mirror import Entity
from apps.clio.mirror.compare import Scope, count_known
from apps.clio.models import ClioConnection, HeldRecord, Sweep, SweepFinding
from apps.clio.rules.reconciling import is_sudden
from apps.clio.services.open_reconciliation import has_baseline

Values = dict[str, int | str]
SHORT = "Clio's list ended before all that it had promised; nothing was marked as gone."
OTHER_USER = (
    "The connected Clio user does not see {count} of the {words} that the one before saw. They are kept: give that "
    "user full sight in Clio, or tell us that they were deleted."
)
MANY_AT_ONCE = (
    "{count} of {known} {words} vanished from Clio's list at once. They are kept, since a missing right of the "
    "connected Clio user is likelier: give back the right in Clio, or tell us that they were deleted."
)
_FORGET_HELD = """
DELETE FROM clio_sweep_findings finding USING clio_held_records held
WHERE finding.firm_id = %(firm_id)s AND finding.sweep_id = %(sweep_id)s AND finding.kind = 'missing'
  AND held.firm_id = finding.firm_id AND held.entity = %(entity)s AND held.record_key = finding.record_key
  AND held.accepted_at IS NULL
"""
_LET_ACCEPTED_GO = """
DELETE FROM clio_held_records held USING clio_sweep_findings finding
WHERE finding.firm_id = %(firm_id)s AND finding.sweep_id = %(sweep_id)s AND finding.kind = 'missing'
  AND held.firm_id = finding.firm_id AND held.entity = %(entity)s AND held.record_key = finding.record_key
  AND held.accepted_at IS NOT NULL
"""
_IS_ACCEPTED = """
(SELECT accepted_at IS NOT NULL FROM clio_held_records held
 WHERE held.firm_id = finding.firm_id AND held.entity = %(entity)s AND held.record_key = finding.record_key)
"""
_COUNT_NEW = f"""
SELECT count(*) FROM clio_sweep_findings finding
WHERE firm_id = %(firm_id)s AND sweep_id = %(sweep_id)s AND kind = 'missing' AND {_IS_ACCEPTED} IS NOT TRUE
"""  # noqa: S608 - two constants
_HOLD = f"""
WITH taken AS (
    DELETE FROM clio_sweep_findings finding
    WHERE firm_id = %(firm_id)s AND sweep_id = %(sweep_id)s AND kind = 'missing' AND {_IS_ACCEPTED} IS NOT TRUE
    RETURNING record_key)
INSERT INTO clio_held_records (firm_id, entity, record_key, reason)
SELECT %(firm_id)s, %(entity)s, record_key, %(reason)s FROM taken ON CONFLICT DO NOTHING
"""  # noqa: S608 - two constants


def judge_sweep(sweep: Sweep, entity: Entity, scope: Scope) -> None:
    """Sort what is missing, count what was found, and let the mending begin; joins the firm's transaction.

    Nothing is concluded from a list that was cut short. What another Clio user was the last to see, and what vanished
    in a great number at once, is held: kept and told, until Clio shows it again or an administrator accepts it. The
    rest is asked for by its ids before it counts as gone.
    """
    firm_id = sweep.firm_id
    values: Values = {"firm_id": firm_id, "sweep_id": sweep.pk, "entity": entity.name}
    findings = SweepFinding.objects.filter(firm_id=firm_id, sweep_id=sweep.pk)
    sweep.known = count_known(entity, firm_id=firm_id, scope=scope)
    _execute(_FORGET_HELD, values)
    sweep.missing = _count_new(values)
    words = entity.name.replace("_", " ")
    if sweep.is_short:
        findings.filter(kind=SweepFinding.Kind.MISSING).delete()
        sweep.detail = SHORT
    elif sweep.missing and not _knows_sight(firm_id, entity):
        _execute(_HOLD, {**values, "reason": HeldRecord.Reason.OTHER_USER})
        sweep.held, sweep.detail = sweep.missing, OTHER_USER.format(count=f"{sweep.missing:,}", words=words)
    elif is_sudden(missing=sweep.missing, known=sweep.known):
        _execute(_HOLD, {**values, "reason": HeldRecord.Reason.MANY_AT_ONCE})
        counts = {"count": f"{sweep.missing:,}", "known": f"{sweep.known:,}"}
        sweep.held, sweep.detail = sweep.missing, MANY_AT_ONCE.format(**counts, words=words)
    if not sweep.is_short:
        _execute(_LET_ACCEPTED_GO, values)
    counted = dict(findings.values_list("kind").annotate(count=Count("id")))
    sweep.extra, sweep.stale, sweep.back = (counted.get(kind, 0) for kind in ("extra", "stale", "back"))
    sweep.state = Sweep.State.MENDING
    sweep.save(
        update_fields=["known", "missing", "held", "detail", "extra", "stale", "back", "state"],
    )


def _knows_sight(firm_id: int, entity: Entity) -> bool:
    connected = ClioConnection.objects.get(firm_id=firm_id)
    return has_baseline(connected, entity.name)


def _count_new(values: Values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_NEW, values)
        return int(cursor.fetchone()[0])


def _execute(query: str, values: Values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
