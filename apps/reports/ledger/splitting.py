"""Splits by largest remainder, as SQL."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

# Products of numbers below it fit into a bigint, which is much faster than numeric.
_SMALL = 3_037_000_499


def largest_remainder(
    rows: str, *, keep: str, amount: str, weight: str, within: str, order: str, share: str, whole: str = ""
) -> str:
    """Return a query of the columns `keep` of `rows` and `share`: the group's amount split by weight, exactly.

    rows: a table or a query in parentheses. amount, weight: whole numbers, the amount the same all over a group,
    weights not negative. within: columns of the group. order: who goes first among equal remainders. whole: the sum of
    the group's weights, where it is a column already. A negative amount is split by its absolute value and the sign
    restored. Groups whose weights come to nothing are left out.
    """
    whole = whole or f"sum({weight}) OVER (PARTITION BY {within})::bigint"
    return f"""
SELECT {keep}, (sign({amount}) * (floor_part + (place <= missing)::int))::bigint AS {share}
FROM (
    SELECT floored.*, row_number() OVER (PARTITION BY {within} ORDER BY remainder DESC, {order}) AS place,
           abs({amount}) - sum(floor_part) OVER (PARTITION BY {within}) AS missing
    FROM (
        SELECT weighed.*,
               CASE WHEN is_small THEN abs({amount}) * {weight} / whole
                    ELSE div(abs({amount})::numeric * {weight}, whole)::bigint END AS floor_part,
               CASE WHEN is_small THEN mod(abs({amount}) * {weight}, whole)
                    ELSE mod(abs({amount})::numeric * {weight}, whole)::bigint END AS remainder
        FROM (SELECT summed.*, greatest(abs({amount}), whole) < {_SMALL} AS is_small
              FROM (SELECT given.*, {whole} AS whole FROM {rows} given) summed WHERE whole > 0) weighed
    ) floored
) placed"""
