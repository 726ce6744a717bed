"""Read the local outbox: the files that Django's file backend and ours for text messages wrote instead of sending."""

import json
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

from apps.notifications.contracts import OutboxMail, RenderedMail

_SEPARATOR = b"\n" + b"-" * 79 + b"\n"


def list_outbox_mails(*, limit: int = 100) -> list[OutboxMail]:
    """Return mails and text messages, the newest first.

    A file holds the mails of one connection, each ended by a line of 79 hyphens, or one text message.
    """
    kept = [*Path(settings.OUTBOX_DIR, "email").glob("*.log"), *Path(settings.OUTBOX_DIR, "sms").glob("*.json")]
    # By the clock of the file system: the names tell only the second.
    files = sorted(kept, key=lambda file: file.stat().st_mtime_ns, reverse=True)
    mails = (mail for file in files for mail in reversed(_messages_in(file)))
    return [mail for mail, _ in zip(mails, range(limit), strict=False)]


def _messages_in(file: Path) -> list[OutboxMail]:
    return [_read_sms(file)] if file.suffix == ".json" else _mails_in(file)


def _read_sms(file: Path) -> OutboxMail:
    kept = json.loads(file.read_bytes())
    content = RenderedMail(f"SMS: {kept['text'][:60]}", kept["text"], "")
    return OutboxMail(file.stem, "our number", kept["to"], datetime.fromisoformat(kept["sent_at"]), content)


def _mails_in(file: Path) -> list[OutboxMail]:
    raw = [part for part in file.read_bytes().split(_SEPARATOR) if part.strip()]
    return [_read(f"{file.stem}-{position}", part) for position, part in enumerate(raw)]


def _read(name: str, raw: bytes) -> OutboxMail:
    message = message_from_bytes(raw, policy=policy.default)
    content = RenderedMail(str(message["Subject"]), _body(message, "plain"), _body(message, "html"))
    return OutboxMail(name, str(message["From"]), str(message["To"]), _sent_at(message), content)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    text: str = part.get_content() if part is not None else ""
    return text


def _sent_at(message: EmailMessage) -> datetime | None:
    stamp = message["Date"]
    return parsedate_to_datetime(str(stamp)) if stamp else None
