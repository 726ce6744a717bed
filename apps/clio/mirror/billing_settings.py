"""The firm's settings of billing: one record, and no list around it."""

from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import BillingSettings

BILLING_SETTINGS = Entity(
    name="billing_settings",
    endpoint="settings/billing",
    model=BillingSettings,
    fields=(
        "id,etag,rounded_duration,rounding,use_decimal_rounding,currency,currency_sign,tax_rate,tax_name,"
        "use_secondary_tax,secondary_tax_rate,secondary_tax_rule,use_utbms_codes,updated_at"
    ),
    is_single=True,
    order="",
    since=False,
    by_ids=False,
    serves_first=True,
    trace=Trace.STATE,
)
