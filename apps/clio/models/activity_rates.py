"""Custom rates, mirrored."""

from apps.clio.models.columns import amount, flag, identifier, text
from apps.clio.models.mirrored import Mirrored


class ActivityRate(Mirrored):
    """What a user or group charges a client (`contact_id`) or co-counsel, apart from the user's default rate."""

    rate = amount()
    flat_rate = flag()
    contact_id = identifier()
    co_counsel_contact_id = identifier()
    user_id = identifier()
    user_name = text()
    group_id = identifier()
    group_name = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_activity_rates"
