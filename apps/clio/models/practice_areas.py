"""Practice areas, mirrored."""

from apps.clio.models.columns import text
from apps.clio.models.mirrored import Mirrored


class PracticeArea(Mirrored):
    """A field of law the firm files its matters under."""

    name = text()
    code = text()
    category = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_practice_areas"
