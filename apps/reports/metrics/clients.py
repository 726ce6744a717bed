"""K31 to K33: what clients are worth, how much hangs on few of them, and who comes, stays and goes."""

from decimal import Decimal

from apps.core.access import Extra
from apps.reports.contracts import Dimension, Measure, Source, Unit
from apps.reports.metrics.balances import AGED
from apps.reports.metrics.declaration import MarkRule, Metric, Ratio, Statistic, total
from apps.reports.metrics.matters import OPEN
from apps.reports.metrics.profit import MATTER_PROFIT

_NET = "coalesce(sum(r.net), 0)"
_LIFETIME = Measure("collected_to_date", Source.COLLECTED_TO_DATE, _NET)
_COLLECTED = Measure("collected_12_months", Source.COLLECTED_12_MONTHS, _NET)
_BILLED = Measure("billed_12_months", Source.BILLED_12_MONTHS, _NET)
_PAID = Measure("paid_of_12_months", Source.COHORT_12_MONTHS, _NET)
_PAID_DAYS = Measure("money_days_12_months", Source.PAID_12_MONTHS, "coalesce(sum(r.money_days), 0)")
_PAID_WITH_TAX = Measure("aged_money_12_months", Source.PAID_12_MONTHS, "coalesce(sum(r.aged), 0)")
_EVER_OPENED = Measure("matters_ever_opened", Source.MATTERS, "count(*)")
_TENURE = Measure("longest_since_opening", Source.MATTERS, "max(r.age)")
_OF_CLIENTS = frozenset({Dimension.CLIENT, Dimension.COMPANY, Dimension.PRACTICE_AREA, Dimension.ORIGINATING})
_OF_FIRMS = frozenset({Dimension.PRACTICE_AREA, Dimension.ORIGINATING})

CLIENT_VALUE = Metric(
    key="K31",
    name="client_value",
    title="Client value",
    question="What is a client worth to us, and since when?",
    formula="collected in 12 months and ever; days since the first matter; lifetime collected / matters ever opened",
    date_basis="as of the period's end; payments by allocation date",
    dims=_OF_CLIENTS,
    definition=(
        "Collected is fees, expenses and unreconciled amounts (K15). Collection rate (K16) is of bills issued in the "
        "12 months, paid up to today; days to pay (K20) of payments in the 12 months; profit is of all "
        "the client's matters up to the day (K29, collected basis). Over several clients tenure is the longest. By "
        "company, a person who belongs to one counts with it; who belongs to none stands alone."
    ),
    excludes="Tax and interest. What a client may yet bring is not guessed: lifetime value is what was collected.",
    items={
        "collected_12_months": total(_COLLECTED, unit=Unit.MONEY),
        "collected_lifetime": total(_LIFETIME, unit=Unit.MONEY),
        "tenure": Statistic(_TENURE, Unit.DAYS),
        "matters_open": total(OPEN, unit=Unit.COUNT),
        "matters_opened": total(_EVER_OPENED, unit=Unit.COUNT),
        "lifetime_per_matter": Ratio(over=(_LIFETIME,), under=(_EVER_OPENED,), unit=Unit.MONEY),
        "collection_rate": Ratio(over=(_PAID,), under=(_BILLED,)),
        "days_to_pay": Ratio(over=(_PAID_DAYS,), under=(_PAID_WITH_TAX,), unit=Unit.DAYS),
        "owed_91_plus": total(AGED["days_91_plus"], unit=Unit.MONEY),
        "profit": MATTER_PROFIT.items["collected_profit"],
    },
    has_months=False,
    items_need={"profit": Extra.COST_AND_PROFIT},
)


def _shares(name: str, source: Source) -> dict[str, Ratio]:
    """Return the shares of the largest clients in what all clients above zero brought, and the sum of squares."""
    whole = Measure(f"{name}_of_clients", source, "coalesce(sum(r.total), 0)")

    def top(places: int) -> Ratio:
        largest = f"coalesce(sum(r.total) FILTER (WHERE r.place <= {places}), 0)"
        return Ratio(over=(Measure(f"{name}_of_top_{places}", source, largest),), under=(whole,))

    squares = Measure(f"{name}_squares", source, "coalesce(sum(r.total * r.total) * 10000 / max(r.whole), 0)")
    return {
        **{f"{name}_top_{places}": top(places) for places in (1, 5, 10)},
        f"{name}_hhi": Ratio(over=(squares,), under=(whole,), unit=Unit.COUNT),
    }


_ONE_CLIENT = Decimal(20)


def _warning(basis: str) -> MarkRule:
    """Return the warning at one client with too much of what was collected, or billed."""
    item = f"{basis}_top_1"
    return MarkRule(
        f"one_client_above_20_percent_{basis}",
        item,
        f"One client makes up more than 20% of what was {basis} in the 12 months.",
        lambda figures: (figures[item] or Decimal(0)) > _ONE_CLIENT,
    )


CONCENTRATION = Metric(
    key="K32",
    name="concentration",
    title="Client concentration",
    question="How much of our income hangs on few clients?",
    formula="share of the largest 1, 5, 10 clients in 12 months; HHI = sum of squared shares, 0 to 10,000",
    date_basis="the 12 months up to the period's end: by payment's allocation date, or issue date",
    dims=_OF_FIRMS,
    definition=(
        "Clients' collected (K15) or billed (K8) amounts of 12 months, ranked within the row. One client above 20% is "
        "a warning. Currencies are looked at one by one."
    ),
    excludes="Clients with zero or less, money without a client, tax and interest.",
    follows="LeanLaw, The client diversification imperative: 20% for one client.",
    items={**_shares("collected", Source.CLIENTS_COLLECTED), **_shares("billed", Source.CLIENTS_BILLED)},
    has_months=False,
    marks=(_warning("collected"), _warning("billed")),
)


def _of_one(key: str, value: str) -> Measure:
    """Return a figure of one client, which several together have not."""
    return Measure(key, Source.CLIENTS_IN_ORDER, f"CASE WHEN count(*) = 1 THEN max({value} * 100 / r.whole) END")


def _grade(letter: str, least: int, most: int) -> MarkRule:
    """Return the grade of clients before whom others brought from `least` to under `most` percent."""
    text = f"Before this client larger ones brought {least}% to under {most}% of what was collected in the 12 months."
    return MarkRule(
        f"grade_{letter.lower()}",
        "share_before",
        text if least else f"Among the clients that bring the first {most}% of what was collected in the 12 months.",
        lambda figures: (before := figures["share_before"]) is not None and least <= before < most,
    )


CLIENT_STANDING = Metric(
    key="K31.standing",
    name="client_standing",
    title="Client's standing among the clients",
    question="How much of our income does a client bring, and how much do the larger ones?",
    formula="collected in 12 months / collected of all clients; the same of all larger clients together",
    date_basis="as of the period's end; payments by allocation date",
    dims=_OF_CLIENTS - _OF_FIRMS,
    narrowed_by=_OF_FIRMS,
    definition=(
        "Clients in the order of what was collected (K15) in the 12 months, equal ones by id; shares are of all that "
        "brought more than zero. The grade shown at a client is a display of its place: A where larger clients brought "
        "less than 50% of the whole, B less than 80%, C less than 95%, D the rest. Who brought nothing has none."
    ),
    excludes=(
        "Clients with zero or less, money without a client, tax and interest. Several clients have no standing, so it "
        "is told by client or company only; practice areas and originating attorneys narrow it."
    ),
    items={
        "share": Statistic(_of_one("client_share", "r.total"), Unit.PERCENT),
        "share_before": Statistic(_of_one("larger_clients_share", "r.before"), Unit.PERCENT),
    },
    has_months=False,
    marks=(_grade("A", 0, 50), _grade("B", 50, 80), _grade("C", 80, 95), _grade("D", 95, 101)),
)
_KEPT = Measure("clients_kept", Source.CLIENTS_KEPT, "count(*) FILTER (WHERE r.is_now AND r.is_before)")
_BEFORE = Measure("clients_before", Source.CLIENTS_KEPT, "count(*) FILTER (WHERE r.is_before)")
_NEW = Measure("clients_new", Source.COMING_CLIENTS, "count(*) FILTER (WHERE r.is_first)")
_BACK = Measure(
    "clients_back", Source.COMING_CLIENTS, "count(DISTINCT r.client_id) FILTER (WHERE r.first_on < r.since)"
)
_DORMANT = Measure("clients_dormant", Source.DORMANT_CLIENTS, "count(DISTINCT r.client_id)")

CLIENT_COUNTS = Metric(
    key="K33",
    name="clients",
    title="New, returning, dormant, retained clients",
    question="Who comes to us, who comes back, who is gone?",
    formula="clients by their first matter; by another one; without open matter, work and bill in 12 months",
    date_basis="opening date of matters; dormant and retained: as of the period's end",
    dims=_OF_FIRMS,
    definition=(
        "New: the first matter ever was opened in the period; counted where that matter is. Returning: a matter opened "
        "in the period, the first one before it. Dormant: had a matter, none is open, and in 12 months there was no "
        "entry and no approved bill. Retention: clients billed in the 12 months and in the 12 before, over those "
        "billed in the 12 before."
    ),
    excludes="Matters without a client. A client's other matters are looked at as far as the reader may see them.",
    follows="Chicago Bar LPMT (Smokeball), Business intelligence KPIs.",
    items={
        "new": total(_NEW, unit=Unit.COUNT),
        "returning": Statistic(_BACK, Unit.COUNT),
        "dormant": Statistic(_DORMANT, Unit.COUNT),
        "retention": Ratio(over=(_KEPT,), under=(_BEFORE,)),
        "billed_before": Statistic(_BEFORE, Unit.COUNT),
        "retained": Statistic(_KEPT, Unit.COUNT),
    },
)
