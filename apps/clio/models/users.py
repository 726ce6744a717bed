"""People of the firm in Clio, mirrored."""

from apps.clio.models.columns import amount, document, flag, identifier, identifiers, instant, text
from apps.clio.models.mirrored import Mirrored


class ClioUser(Mirrored):
    """A person of the firm in Clio, timekeeper or not; `rate` is only a default."""

    name = text()
    first_name = text()
    last_name = text()
    initials = text()
    email = text()
    enabled = flag()
    account_owner = flag()
    roles = document()
    subscription_type = text()
    rate = amount()
    time_zone = text()
    clio_connect = flag()
    account_id = identifier()
    account_name = text()
    job_title_id = identifier()
    job_title_name = text()
    groups = document()
    group_ids = identifiers()
    # Ours: when a sync first saw the person disabled; empty again once enabled.
    disabled_seen_at = instant()

    class Meta(Mirrored.Meta):
        db_table = "clio_users"
