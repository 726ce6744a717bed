"""The account's billing settings: one record, read without an id."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Recorded
from apps.clio.sandbox.entities.lookups import ACCOUNT_ID, Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import FLAGS, MONEY, TEXT, etag, instant, stamp

ROUNDING_MINUTES = 6


def settings_row(moment: int) -> Recorded:
    """Return the settings of an American firm that bills tenths of an hour."""
    no, yes, when = FLAGS[0], FLAGS[1], stamp(moment)
    row = (
        ACCOUNT_ID, etag(ACCOUNT_ID, 1), "0.1", str(ROUNDING_MINUTES), yes, TEXT["USD"], TEXT["$"], MONEY[888],
        TEXT["Sales tax"], no, no, no, yes, MONEY[700], TEXT["Pre"], TEXT["Services tax"], no, no, when, when, no, "[]",
    )  # fmt: skip
    return row, instant(moment), instant(moment)


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    yield settings_row(lookups.moment)


BILLING_SETTINGS = Entity(
    name="settings/billing",
    scalars=(
        "id", "etag", "rounded_duration", "rounding", "use_decimal_rounding", "currency", "currency_sign", "tax_rate",
        "tax_name", "apply_tax_by_default", "apply_secondary_tax_by_default",
        "time_on_flat_rate_contingency_matters_is_non_billable", "use_secondary_tax", "secondary_tax_rate",
        "secondary_tax_rule", "secondary_tax_name", "notify_after_bill_created", "use_utbms_codes", "created_at",
        "updated_at", "multi_currency_billing", "billing_currencies",
    ),
    is_singleton=True,
    rows=_rows,
)  # fmt: skip
