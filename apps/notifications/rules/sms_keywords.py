"""Words that a person answers a text message with: the usual English ones. Only a whole message counts."""

from apps.notifications.contracts import EventKind

_MEANINGS = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT-OUT"), EventKind.STOP
    ),
    **dict.fromkeys(("START", "YES", "UNSTOP"), EventKind.START),
    **dict.fromkeys(("HELP", "INFO"), EventKind.HELP),
}
HELP_TEXT = "Smarter Firms: alerts and codes you asked for. Reply STOP to end them, START to get them again."


def meaning_of(text: str) -> EventKind | None:
    """Return what a whole message asks for, or None when it is no keyword."""
    return _MEANINGS.get(text.strip().strip(".!").upper())
