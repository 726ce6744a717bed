"""Short ways to declare the fields, filters and orders that many kinds of record have."""

from apps.clio.queries.records.declaration import Field, Filter, Hides, Kind, Sort
from apps.core.access import Extra
from apps.core.client_names import PLAIN_NUMBER


def the_id(name: str, help_text: str = "", *, sql: str = "") -> Field:
    """A 64-bit id of Clio's."""
    return Field(name, Kind.ID, help_text, sql=sql)


def ids(name: str, help_text: str = "", *, part_sql: str = "") -> Field:
    """Several ids."""
    return Field(name, Kind.IDS, help_text, part_sql=part_sql)


def text(name: str, help_text: str = "", *, sql: str = "") -> Field:
    """Text that names nobody."""
    return Field(name, Kind.TEXT, help_text, sql=sql)


def words(name: str, help_text: str = "", *, sql: str = "", part_sql: str = "") -> Field:
    """Text somebody wrote, in which a client may be named."""
    return Field(name, Kind.TEXT, help_text, sql=sql, part_sql=part_sql, hides=Hides.CLIENTS_WORDS)


def plain_number(column: str) -> str:
    """Return the SQL of a bill's number, or of nothing where it is more than a number."""
    return f"CASE WHEN {column} ~* '{PLAIN_NUMBER}' THEN {column} END"


def bill_number(name: str = "bill_number") -> Field:
    """A bill's number, in which people may have written a name."""
    help_text = "null where it is more than a number and the firm hides its clients"
    return Field(name, Kind.TEXT, help_text, nameless_sql=plain_number(f"r.{name}"))


def account(name: str, *, of: str, sql: str = "") -> Field:
    """A bank account's name."""
    help_text = "a number stands for it where the firm hides its clients"
    return Field(name, Kind.TEXT, help_text, sql=sql, hides=Hides.ACCOUNT, of=of)


def person(name: str, *, of: str, sql: str = "", is_client: str = "") -> Field:
    """The name of somebody of the firm."""
    needs = "needs the permission `names` but for oneself"
    return Field(name, Kind.TEXT, needs, sql=sql, hides=Hides.PERSON, of=of, is_client=is_client)


def client(name: str, *, of: str, sql: str = "") -> Field:
    """A client's name."""
    return Field(name, Kind.TEXT, "a number stands for it where the firm hides it", sql=sql, hides=Hides.CLIENT, of=of)


def matter(name: str, *, of: str, sql: str = "") -> Field:
    """A matter's name or number."""
    return Field(name, Kind.TEXT, "a number stands for it where the firm hides it", sql=sql, hides=Hides.MATTER, of=of)


def day(name: str, help_text: str = "", *, sql: str = "") -> Field:
    """A date in the firm's calendar."""
    return Field(name, Kind.DAY, help_text, sql=sql)


def instant(name: str, help_text: str = "", *, sql: str = "") -> Field:
    """A point in time."""
    return Field(name, Kind.INSTANT, help_text, sql=sql)


def flag(name: str, help_text: str = "", *, sql: str = "") -> Field:
    """Yes, no, or not told."""
    return Field(name, Kind.FLAG, help_text, sql=sql)


def number(name: str, help_text: str = "", *, sql: str = "") -> Field:
    """A number that is no money."""
    return Field(name, Kind.NUMBER, help_text, sql=sql)


def money(name: str, help_text: str = "", *, sql: str = "", part_sql: str = "") -> Field:
    """An amount, as a decimal in a string."""
    return Field(name, Kind.MONEY, help_text, sql=sql, part_sql=part_sql)


def rate(name: str, help_text: str = "") -> Field:
    """A price of work."""
    return Field(name, Kind.MONEY, f"{help_text}; needs the permission `rates`", needs=Extra.RATES)


def worth(name: str, *, of: str, is_time: str) -> Field:
    """What a record is worth, which with its hours is a price: told of one's own time, and of what is no time."""
    help_text = "of other people's time it needs the permission `rates`"
    return Field(name, Kind.MONEY, help_text, needs=Extra.RATES, unless=f"NOT ({is_time}) OR {of} = %(me)s")


MADE = (instant("created_at", "made in Clio"), instant("updated_at", "last changed in Clio"))


def one_of(name: str, sql: str = "") -> Filter:
    """A filter by one or several ids."""
    return Filter(name, Kind.ID, f"{sql or f'r.{name}'} = ANY({{value}}::bigint[])", "one id, or several by commas")


def is_text(name: str, *choices: str) -> Filter:
    """A filter by one of a few words."""
    return Filter(name, Kind.TEXT, f"r.{name} = {{value}}", choices=choices)


def is_true(name: str) -> Filter:
    """A filter by yes or no; what Clio does not tell is a no."""
    return Filter(name, Kind.FLAG, f"(r.{name} IS TRUE) = {{value}}")


def between_days(name: str, sql: str = "") -> tuple[Filter, Filter]:
    """Filters by the first and the last day, both included."""
    column = sql or f"r.{name}"
    return (
        Filter(f"{name}_from", Kind.DAY, f"{column} >= {{value}}", "the first day"),
        Filter(f"{name}_to", Kind.DAY, f"{column} <= {{value}}", "the last day, itself included"),
    )


def between_instants(name: str) -> tuple[Filter, Filter]:
    """Filters by the first instant, included, and the last, excluded."""
    return (
        Filter(f"{name}_from", Kind.INSTANT, f"r.{name} >= {{value}}", "from this instant on"),
        Filter(f"{name}_to", Kind.INSTANT, f"r.{name} < {{value}}", "before this instant"),
    )


def by_day(name: str) -> Sort:
    """An order by a date."""
    return Sort(name, Kind.DAY)


BY_UPDATE = Sort("updated_at", Kind.INSTANT)
