"""Splits by largest remainder, as SQL."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter


def largest_remainder(rows: str, *, keep: str, amount: str, weight: str, within: str, order: str, share: str) -> str:
    """Return a query of the columns `keep` of `rows` and `share`: the group's amount split by weight, exactly.

    rows: a table or a query in parentheses. amount, weight: whole numbers, the amount the same all over a group,
    weights not negative. within: columns of the group. order: who goes first among equal remainders. A negative
    amount is split by its absolute value and the sign restored. Groups whose weights come to nothing are left out.
    """
    return f"""
SELECT {keep}, (sign({amount}) * (floor_part + (place <= missing)::int))::bigint AS {share}
FROM (
    SELECT floored.*, row_number() OVER (PARTITION BY {within} ORDER BY remainder DESC, {order}) AS place,
           abs({amount}) - sum(floor_part) OVER (PARTITION BY {within}) AS missing
    FROM (
        SELECT weighed.*, div(abs({amount})::numeric * {weight}, whole) AS floor_part,
               mod(abs({amount})::numeric * {weight}, whole) AS remainder
        FROM (SELECT given.*, sum({weight}) OVER (PARTITION BY {within}) AS whole FROM {rows} given) weighed
        WHERE whole > 0
    ) floored
) placed"""
