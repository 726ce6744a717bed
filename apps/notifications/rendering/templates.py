"""The template engine of messages. It reaches the message templates and Django's own tags, nothing else."""

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


def path_of(stem: str, ending: str) -> str:
    """Return the path of a kind's template: `path_of("accounts.welcome", "txt")`."""
    return f"notifications/{stem}.{ending}"
