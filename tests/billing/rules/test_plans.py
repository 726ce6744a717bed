"""Prices, in cents."""

from apps.billing.rules.plans import PLANS


def test_the_price_list():
    assert [(plan.key, plan.seat, plan.interval, plan.amount_cents) for plan in PLANS] == [
        ("individual_monthly", "user", "month", 3500),
        ("individual_yearly", "user", "year", 35000),
        ("firm_monthly", "active_clio_user", "month", 2500),
        ("firm_yearly", "active_clio_user", "year", 25000),
    ]
