"""Reads of the firm's webhooks: whose an address is, which firms are due, and how they are."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Max

from apps.clio.contracts import WebhookHealth, WebhookReference
from apps.clio.models import Webhook, WebhookCare, WebhookDelivery
from apps.clio.rules.webhooks import address_hash
from apps.core.tenancy import tenant


def find_webhook(token: str) -> WebhookReference | None:
    """Return whose webhook an address of ours is, before the firm is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT firm_id, webhook_id FROM resolve_clio_webhook(%s)", [address_hash(token)])
        row: tuple[int, int] | None = cursor.fetchone()
    return WebhookReference(*row) if row else None


def list_firms_with_deliveries(*, due_before: datetime) -> list[int]:
    """Return the connected firms with deliveries that are due and not handled."""
    return _firms("resolve_clio_deliveries_due", due_before)


def list_firms_to_look_after(*, due_before: datetime) -> list[int]:
    """Return the connected firms whose webhooks are to be compared with Clio's list."""
    return _firms("resolve_clio_webhooks_due", due_before)


def list_firms_with_lapsing(*, lapses_before: datetime) -> list[int]:
    """Return the connected firms with a webhook that runs out before then, and nobody was told."""
    return _firms("resolve_clio_webhooks_lapsing", lapses_before)


def list_webhook_health(*, firm_id: int, now: datetime) -> list[WebhookHealth]:
    """Return how each of the firm's webhooks is; joins the firm's transaction."""
    with tenant(firm_id):
        webhooks = list(Webhook.objects.filter(firm_id=firm_id).order_by("model"))
        deliveries = WebhookDelivery.objects.filter(firm_id=firm_id).values("model")
        heard = {row["model"]: row["at"] for row in deliveries.annotate(at=Max("received_at"))}
        waiting = {row["model"]: row["count"] for row in deliveries.filter(handled_at=None).annotate(count=Count("id"))}
    return [
        WebhookHealth(
            model=each.model,
            state="expired" if each.expires_at and each.expires_at <= now else each.state,
            detail=each.detail,
            expires_at=each.expires_at,
            last_heard_at=heard.get(each.model),
            waiting=waiting.get(each.model, 0),
        )
        for each in webhooks
    ]


def find_why_none(*, firm_id: int) -> str:
    """Return in words why the firm has no webhooks, "" where it has or was not looked after yet."""
    with tenant(firm_id):
        return WebhookCare.objects.filter(firm_id=firm_id).values_list("detail", flat=True).first() or ""


def _firms(resolver: str, before: datetime) -> list[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT firm_id FROM {resolver}(%s)", [before])  # noqa: S608 - a name from above
        return [firm_id for (firm_id,) in cursor.fetchall()]
