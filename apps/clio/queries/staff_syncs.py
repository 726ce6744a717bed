"""What staff see of firms' syncs: states, counts and times by the columns granted to them; no record, nobody's name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, Sum

from apps.clio.models import (
    ClioConnection,
    HealthAlert,
    Reconciliation,
    ReconciliationCare,
    Sweep,
    SyncedEntity,
    SyncRun,
    Webhook,
)
from apps.core.id_pages import take_page_by_id
from apps.core.pages import Cursor, Page
from apps.core.staff import staff_view

_CONNECTION = ("id", "firm_id", "region", "status", "status_changed_at", "connected_at", "clio_user_since")
_RUN = ("id", "firm_id", "kind", "state", "reason", "detail", "started_at", "finished_at", "goes_on_at", "failures")
_ENTITY = ("entity", "records", "last_completed_at", "read_from", "refused")
_SWEEP = (
    *("entity", "is_whole", "state", "detail", "known", "gone", "held", "extra", "stale", "back", "missed", "mended"),
    "finished_at",
)
_WEBHOOK = ("model", "state", "detail", "opened_at", "renewed_at", "expires_at")
_RUNS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class FirmSync:
    """One firm in staff's list. read_from: Clio's changes up to then are here; None until there was a first sync."""

    firm_id: int
    region: str
    status: str
    run_state: str
    run_detail: str
    read_from: datetime | None
    records: int
    refused: int
    webhooks_enabled: int
    webhooks: int
    alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirmSyncInFull:
    """One firm's sync, entity by entity. Rows are as the tables have them, by the columns granted to staff."""

    connection: ClioConnection
    runs: tuple[Mapping[str, Any], ...]
    entities: tuple[Mapping[str, Any], ...]
    webhooks: tuple[Mapping[str, Any], ...]
    reconciliations: tuple[Mapping[str, Any], ...]
    alerts: tuple[Mapping[str, Any], ...]
    next_comparison_at: datetime | None


def list_firm_syncs(
    staff_user_id: int, cursor: Cursor, *, status: str = "", is_unwell: bool = False
) -> tuple[Page[ClioConnection], list[FirmSync]]:
    """Return a page of connected firms, the youngest first, and how their syncs are; five queries, however many rows.

    is_unwell: only firms of which administrators were told something, or whose connection does not stand.
    """
    with staff_view(staff_user_id, "syncs listed"):
        rows = ClioConnection.objects.only(*_CONNECTION)
        if status:
            rows = rows.filter(status=status)
        if is_unwell:
            told = HealthAlert.objects.values("firm_id")
            rows = rows.filter(Q(firm_id__in=told) | Q(status=ClioConnection.Status.REVOKED))
        page = take_page_by_id(rows, cursor)
        return page, _describe(page.rows)


def find_firm_sync(staff_user_id: int, firm_id: int) -> FirmSyncInFull | None:
    """Return one firm's sync, or None where it never had a connection."""
    with staff_view(staff_user_id, "sync read", target=f"firm {firm_id}"):
        connected = ClioConnection.objects.only(*_CONNECTION).filter(firm_id=firm_id).first()
        if connected is None:
            return None
        of_firm = {"firm_id": firm_id}
        runs = SyncRun.objects.filter(**of_firm).order_by("-id").values(*_RUN)[:_RUNS_SHOWN]
        swept = Sweep.objects.filter(**of_firm, finished_at__isnull=False).order_by("entity", "-id")
        drift = {row["entity"]: row for row in swept.distinct("entity").values(*_SWEEP)}
        known = SyncedEntity.objects.filter(**of_firm).order_by("id").values(*_ENTITY)
        compared = Reconciliation.objects.filter(**of_firm).order_by("-id")
        return FirmSyncInFull(
            connection=connected,
            runs=tuple(runs),
            entities=tuple({**row, "drift": drift.get(row["entity"])} for row in known),
            webhooks=tuple(Webhook.objects.filter(**of_firm).order_by("model").values(*_WEBHOOK)),
            reconciliations=tuple(
                compared.values("kind", "state", "detail", "started_at", "finished_at")[:_RUNS_SHOWN]
            ),
            alerts=tuple(
                HealthAlert.objects.filter(**of_firm).order_by("told_at").values("kind", "begun_at", "told_at")
            ),
            next_comparison_at=ReconciliationCare.objects.filter(**of_firm).values_list("due_at", flat=True).first(),
        )


def _describe(rows: Collection[ClioConnection]) -> list[FirmSync]:
    firms = [row.firm_id for row in rows]
    latest = SyncRun.objects.filter(firm_id__in=firms).order_by("firm_id", "-id").distinct("firm_id")
    runs: dict[int, Mapping[str, Any]] = {row["firm_id"]: row for row in latest.values("firm_id", "state", "detail")}
    read = SyncedEntity.objects.filter(firm_id__in=firms).values("firm_id")
    entities: dict[int, Mapping[str, Any]] = {
        row["firm_id"]: row
        for row in read.annotate(
            held=Sum("records"),
            oldest=Min("read_from", filter=Q(in_each_run=True)),
            closed=Count("id", filter=~Q(refused="")),
        )
    }
    counted = Webhook.objects.filter(firm_id__in=firms).values("firm_id")
    heard: dict[int, Mapping[str, Any]] = {
        row["firm_id"]: row for row in counted.annotate(all=Count("id"), on=Count("id", filter=Q(state="enabled")))
    }
    alerts: dict[int, list[str]] = {}
    for firm_id, kind in HealthAlert.objects.filter(firm_id__in=firms).order_by("id").values_list("firm_id", "kind"):
        alerts.setdefault(firm_id, []).append(kind)
    return [
        FirmSync(
            firm_id=row.firm_id,
            region=row.region,
            status=row.status,
            run_state=runs.get(row.firm_id, {}).get("state", ""),
            run_detail=runs.get(row.firm_id, {}).get("detail", ""),
            read_from=entities.get(row.firm_id, {}).get("oldest"),
            records=entities.get(row.firm_id, {}).get("held") or 0,
            refused=entities.get(row.firm_id, {}).get("closed", 0),
            webhooks_enabled=heard.get(row.firm_id, {}).get("on", 0),
            webhooks=heard.get(row.firm_id, {}).get("all", 0),
            alerts=tuple(alerts.get(row.firm_id, ())),
        )
        for row in rows
    ]
