"""Show a mail as it looks where the reader prefers light or dark, whatever the looker's own machine prefers."""

_QUESTION = "@media (prefers-color-scheme: dark)"
_SCHEMES = "color-scheme: light dark"


def in_light(html: str) -> str:
    """Return the mail as a light mail program shows it."""
    return html.replace(_QUESTION, "@media not all").replace(_SCHEMES, "color-scheme: light")


def in_dark(html: str) -> str:
    """Return the mail as a dark mail program shows it."""
    return html.replace(_QUESTION, "@media all").replace(_SCHEMES, "color-scheme: dark")
