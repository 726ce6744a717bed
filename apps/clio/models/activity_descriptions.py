"""Activity descriptions, mirrored."""

from apps.clio.models.columns import amount, document, flag, identifier, identifiers, text
from apps.clio.models.mirrored import Mirrored


class ActivityDescription(Mirrored):
    """A category of work; its rate is the one for the connected user."""

    name = text()
    type = text()
    category_type = text()
    default = flag()
    accessible_to_user = flag()
    visible_to_co_counsel = flag()
    utbms_activity_id = identifier()
    utbms_task_id = identifier()
    rate_amount = amount()
    rate_non_billable_amount = amount()
    rate_type = text()
    rate_hierarchy = text()
    groups = document()
    group_ids = identifiers()
    currency_id = identifier()
    currency_code = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_activity_descriptions"
