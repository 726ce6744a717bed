"""Groups of users, mirrored."""

from apps.clio.models.columns import document, flag, identifiers, text
from apps.clio.models.mirrored import Mirrored


class ClioGroup(Mirrored):
    """A group of users; each user has one of their own (`UserGroup`), which is no team."""

    name = text()
    type = text()
    client_connect_user = flag()
    users = document()
    user_ids = identifiers()

    class Meta(Mirrored.Meta):
        db_table = "clio_groups"
