"""Write a kind's message to files, with its sample, to look at."""

from pathlib import Path

from apps.notifications.rendering.mail import render_mail
from apps.notifications.rules.catalogue import get_kind


def preview_notification(*, kind: str, folder: Path) -> list[Path]:
    """Render a kind with its sample and write `<kind>.subject.txt`, `.txt`, `.html` to a folder. Raises UnknownKind."""
    chosen = get_kind(kind)
    mail = render_mail(chosen, chosen.sample)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for ending, content in (("subject.txt", mail.subject + "\n"), ("txt", mail.text), ("html", mail.html)):
        path = folder / f"{chosen.key}.{ending}"
        path.write_text(content)
        written.append(path)
    return written
