"""Write messages to files, with their samples, and a page to look at all of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from apps.notifications.contracts import Channel, RenderedInApp, RenderedMail, RenderedSms, Wording
from apps.notifications.queries.wording import list_approved_wording
from apps.notifications.rendering.faces import in_dark, in_light
from apps.notifications.rendering.preview_page import Shown, preview_page
from apps.notifications.rendering.samples import Rendered, render_sample
from apps.notifications.rendering.words import in_these_words
from apps.notifications.rules.catalogue import KINDS, get_kind
from apps.notifications.rules.kinds.kind import Kind


def preview_notification(*, kind: str, folder: Path, files_only: bool = False) -> list[Path]:
    """Render a kind with its sample, in the words now in use, to files named after it; return their paths.

    files_only: in the words of the files, without a look into the database. Raises UnknownKind.
    """
    return [path for written, _ in _write_kinds([get_kind(kind)], folder, files_only) for path in written]


def preview_all(*, folder: Path, files_only: bool = False) -> Path:
    """Render every kind, and an index page that shows them light, dark, on a phone and as text; return its path."""
    shown = [one for _, one in _write_kinds(KINDS, folder, files_only)]
    index = folder / "index.html"
    index.write_text(preview_page(shown), encoding="utf-8")
    return index


def _write_kinds(kinds: Sequence[Kind], folder: Path, files_only: bool) -> Iterator[tuple[list[Path], Shown]]:
    folder.mkdir(parents=True, exist_ok=True)
    staffs: dict[Channel, dict[str, Wording]] = {channel: {} for channel in Channel}
    if not files_only:
        staffs = {channel: list_approved_wording(channel, (kind.key for kind in kinds)) for channel in Channel}
    for kind in kinds:
        for channel in kind.channels:
            rendered = _render(kind, channel, staffs[channel].get(kind.key))
            yield list(_write(kind, rendered, folder)), Shown(kind, channel, rendered)


def _render(kind: Kind, channel: Channel, staffs: Wording | None) -> Rendered:
    def compose(words: Wording) -> Rendered:
        return render_sample(kind, words)

    return in_these_words(kind, channel, staffs, compose)


def _write(kind: Kind, rendered: Rendered, folder: Path) -> Iterator[Path]:
    for ending, content in _files_of(rendered):
        path = folder / f"{kind.key}.{ending}"
        path.write_text(content, encoding="utf-8")
        yield path


def _files_of(rendered: Rendered) -> Iterator[tuple[str, str]]:
    match rendered:
        case RenderedMail(subject, text, html):
            yield "email.html", html
            yield "email.light.html", in_light(html)
            yield "email.dark.html", in_dark(html)
            yield "email.txt", f"Subject: {subject}\n\n{text}"
        case RenderedSms(text, segments):
            yield "sms.txt", f"{text}\n\n[{segments} segment{'' if segments == 1 else 's'}]\n"
        case RenderedInApp(title, body, link):
            yield "in_app.txt", f"{title}\n\n{body}\n{link}\n"
