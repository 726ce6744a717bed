"""People of the firm in Clio."""

from apps.clio.queries.records.declaration import Hides, Kind, RecordKind, Sort, Sought
from apps.clio.queries.records.fields import MADE, flag, ids, instant, is_text, is_true, person, rate, text, the_id
from apps.clio.queries.records.reach import linked_to_matters, people_named

USERS = RecordKind(
    name="users",
    one="user",
    about=(
        "People of the firm in Clio. Whoever sees a part of the firm sees oneself, the people named in a grant, and "
        "the attorneys of matters in scope."
    ),
    table="clio_users",
    scope=linked_to_matters(
        "r.clio_id", names=people_named, links=("responsible_attorney_id", "originating_attorney_id")
    ),
    fields=(
        person("name", of="r.clio_id", is_client="r.clio_connect"),
        person("first_name", of="r.clio_id", is_client="r.clio_connect"),
        person("last_name", of="r.clio_id", is_client="r.clio_connect"),
        person("initials", of="r.clio_id", is_client="r.clio_connect"),
        person("email", of="r.clio_id", is_client="r.clio_connect"),
        flag("enabled", "may sign in to Clio"),
        flag("account_owner"),
        flag("clio_connect", "an outside client's log-in, no timekeeper"),
        text("subscription_type", "`Attorney` or `NonAttorney`"),
        rate("rate", "default per hour, of today"),
        text("time_zone"),
        the_id("job_title_id"),
        text("job_title", sql="r.job_title_name"),
        ids("group_ids"),
        instant("disabled_seen_at", "when a sync first saw the person disabled"),
        *MADE,
    ),
    filters=(is_true("enabled"), is_text("subscription_type", "Attorney", "NonAttorney")),
    sorts=(Sort("name", Kind.TEXT, hides=Hides.PERSON),),
    sought=(
        Sought("the name", 'lower(r.name) COLLATE "C"', hides=Hides.PERSON),
        Sought("the last name", 'lower(r.last_name) COLLATE "C"', hides=Hides.PERSON),
    ),
)
