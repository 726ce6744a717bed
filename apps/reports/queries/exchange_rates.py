"""The exchange rates a firm keeps; inside the firm's transaction."""

from datetime import date

from django.db.models import Count, Max, Min

from apps.core.scope import Scope
from apps.reports import models
from apps.reports.contracts.conversion import KeptRates


def list_kept_rates(*, scope: Scope, into: str, until: date) -> tuple[KeptRates, ...]:
    """Return what the firm keeps of every currency in another that holds from a day up to `until`."""
    kept = models.ExchangeRate.objects.filter(firm_id=scope.firm_id, quote_currency=into, on_date__lte=until)
    found = kept.values("currency").annotate(first=Min("on_date"), last=Max("on_date"), rows=Count("id"))
    return tuple(
        KeptRates(row["currency"], row["first"], row["last"], row["rows"]) for row in found.order_by("currency")
    )
