"""Settings of billing, mirrored."""

from apps.clio.models.columns import amount, flag, text
from apps.clio.models.mirrored import Mirrored


class BillingSettings(Mirrored):
    """The firm's currency, rounding and taxes: a single record."""

    rounded_duration = amount()
    rounding = amount()
    use_decimal_rounding = flag()
    currency = text()
    currency_sign = text()
    tax_rate = amount()
    tax_name = text()
    use_secondary_tax = flag()
    secondary_tax_rate = amount()
    secondary_tax_rule = text()
    use_utbms_codes = flag()

    class Meta(Mirrored.Meta):
        db_table = "clio_billing_settings"
