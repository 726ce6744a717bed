"""`manage.py notification_preview` writes a message to look at."""

import pytest
from django.core.management import CommandError, call_command


def test_writes_the_three_parts(tmp_path, capsys):
    call_command("notification_preview", "accounts.welcome", folder=tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "accounts.welcome.html",
        "accounts.welcome.subject.txt",
        "accounts.welcome.txt",
    ]
    assert (tmp_path / "accounts.welcome.subject.txt").read_text() == "Welcome to Smarter Firms, Olivia Hart\n"
    assert capsys.readouterr().out.count(str(tmp_path)) == 3


def test_refuses_an_unknown_kind(tmp_path):
    with pytest.raises(CommandError, match="no kind accounts.farewell"):
        call_command("notification_preview", "accounts.farewell", folder=tmp_path)
