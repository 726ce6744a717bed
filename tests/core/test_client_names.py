"""What leaves instead of clients' names."""

from dataclasses import replace

from apps.core.client_names import shown_client_name, shown_matter_name
from apps.core.scope import Scope

_OPEN = Scope.whole_firm(7)
_HIDING = replace(_OPEN, hides_client_names=True)


def test_names_leave_as_they_are_where_the_firm_hides_nothing():
    assert shown_client_name(scope=_OPEN, client_id=1, name="Baker Estate") == "Baker Estate"
    assert shown_matter_name(scope=_OPEN, matter_id=1, name="00012-Baker") == "00012-Baker"


def test_a_hidden_client_is_known_again_and_told_from_others():
    hidden = shown_client_name(scope=_HIDING, client_id=1, name="Baker Estate")

    assert hidden.startswith("Client ")
    assert "Baker" not in hidden
    assert hidden == shown_client_name(scope=_HIDING, client_id=1, name="Baker Estate (renamed)")
    assert hidden != shown_client_name(scope=_HIDING, client_id=2, name="Baker Estate")
    assert hidden != shown_client_name(scope=replace(_HIDING, firm_id=8), client_id=1, name="Baker Estate")


def test_a_matter_is_hidden_with_its_client():
    hidden = shown_matter_name(scope=_HIDING, matter_id=1, name="00012-Baker")

    assert hidden.startswith("Matter ")
    assert "Baker" not in hidden
    assert hidden[7:] != shown_client_name(scope=_HIDING, client_id=1, name="x")[7:]


def test_what_has_no_client_keeps_its_row():
    assert shown_matter_name(scope=_HIDING, matter_id=None, name="(No matter)") == "(No matter)"


def test_what_is_kept_for_one_reader_is_not_given_to_another():
    assert _OPEN.digest() != _HIDING.digest()
