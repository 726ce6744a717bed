"""The engine of the pages around messages: the mail's layout, the preview. Words themselves never pass through it."""

from functools import cache
from pathlib import Path

from django.template import Engine, Template

FOLDER = Path(__file__).resolve().parents[1] / "templates"


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(FOLDER)])


def get_template(name: str) -> Template:
    """Return a template by its path below `templates/`. Raises Django's TemplateDoesNotExist."""
    return _engine().get_template(name)
