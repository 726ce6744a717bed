"""Take the firm's webhooks back: here at once, at Clio with whatever still opens its door."""

from django.conf import settings

from apps.clio.models import Webhook, WebhookCare
from apps.clio.rules.webhooks import token_of
from apps.clio.vendors.clio_api import ClioApi
from apps.clio.vendors.clio_webhooks import list_webhooks, remove_webhook
from apps.core.tenancy import tenant


def forget_webhooks(*, firm_id: int) -> int:
    """Remove the firm's webhooks here and return how many there were; joins the firm's transaction.

    From then on Clio is answered that they are gone, which makes it stop by itself should it never be told.
    """
    with tenant(firm_id):
        WebhookCare.objects.filter(firm_id=firm_id).delete()
        count, _ = Webhook.objects.filter(firm_id=firm_id).delete()
    return count


def remove_webhooks_at_clio(api: ClioApi) -> int:
    """Remove every webhook of this account that calls us; return how many.

    For who gives a grant back: nothing is read or written here. Raises what Clio's calls raise.
    """
    ours = [each for each in list_webhooks(api) if token_of(each.url, base=settings.CLIO_WEBHOOK_BASE_URL) is not None]
    for each in ours:
        remove_webhook(api, each.clio_webhook_id)
    return len(ours)
