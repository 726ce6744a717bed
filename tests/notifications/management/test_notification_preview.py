"""`manage.py notification_preview` writes messages to look at."""

import pytest
from django.core.management import CommandError, call_command

from apps.notifications.contracts import Channel
from apps.notifications.rules.catalogue import KINDS
from tests.notifications.staff import KIND, make_staff, put_into_use

pytestmark = pytest.mark.django_db


def test_writes_every_channel_of_a_kind(tmp_path, capsys):
    call_command("notification_preview", "reports.alert_fired", folder=tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "reports.alert_fired.email.dark.html",
        "reports.alert_fired.email.html",
        "reports.alert_fired.email.light.html",
        "reports.alert_fired.email.txt",
        "reports.alert_fired.in_app.txt",
        "reports.alert_fired.sms.txt",
    ]
    text = (tmp_path / "reports.alert_fired.email.txt").read_text()
    assert text.startswith("Subject: Receivables over 90 days: $84,310.00\n\n")
    assert "[1 segment]" in (tmp_path / "reports.alert_fired.sms.txt").read_text()
    assert "prefers-color-scheme" not in (tmp_path / "reports.alert_fired.email.dark.html").read_text()
    assert capsys.readouterr().out.count(str(tmp_path)) == 6


def test_without_a_kind_writes_all_and_an_index(tmp_path, capsys):
    call_command("notification_preview", folder=tmp_path)

    index = (tmp_path / "index.html").read_text()
    mails = [kind for kind in KINDS if Channel.EMAIL in kind.channels]
    assert capsys.readouterr().out.strip() == str(tmp_path / "index.html")
    assert len(list(tmp_path.glob("*.email.html"))) == len(mails)
    assert index.count("<section ") == len(KINDS)
    assert index.count("<iframe ") == index.count(" sandbox ") == 3 * len(mails)
    assert all((tmp_path / f"{kind.key}.email.dark.html").exists() for kind in mails)


def test_refuses_an_unknown_kind(tmp_path):
    with pytest.raises(CommandError, match="no kind accounts.farewell"):
        call_command("notification_preview", "accounts.farewell", folder=tmp_path)


def test_shows_the_words_in_use_or_those_of_the_files(tmp_path):
    put_into_use(make_staff())

    call_command("notification_preview", KIND, folder=tmp_path)
    in_use = (tmp_path / f"{KIND}.email.txt").read_text()
    call_command("notification_preview", KIND, folder=tmp_path, files=True)
    in_files = (tmp_path / f"{KIND}.email.txt").read_text()

    assert in_use.startswith("Subject: Good to have you, Olivia Hart\n")
    assert in_files.startswith("Subject: Welcome to Smarter Firms, Olivia Hart\n")
