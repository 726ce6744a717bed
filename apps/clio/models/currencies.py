"""Currencies, mirrored."""

from apps.clio.models.columns import text
from apps.clio.models.mirrored import Mirrored


class Currency(Mirrored):
    """A currency Clio knows; neither rates nor which is the firm's."""

    code = text()
    sign = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_currencies"
