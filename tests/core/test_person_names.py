"""What leaves instead of colleagues' names."""

from dataclasses import replace

from apps.core.client_names import shown_client_name
from apps.core.person_names import shown_person_name
from apps.core.scope import Scope

_READER = replace(Scope.whole_firm(7), clio_user_id=11)


def shown(scope: Scope, person: int | None, name: str = "Ada Archer", *, tells: bool = False) -> str:
    return shown_person_name(scope=scope, clio_user_id=person, name=name, tells_people=tells)


def test_names_leave_as_they_are_for_whom_may_know_them():
    assert shown(_READER, 12, tells=True) == "Ada Archer"
    assert shown(_READER, 11) == "Ada Archer"
    assert shown(_READER, None, "(Unassigned)") == "(Unassigned)"


def test_a_colleague_is_known_again_and_told_from_others_in_this_firm_only():
    hidden = shown(_READER, 12)

    assert hidden.startswith("Colleague ")
    assert "Ada" not in hidden
    assert hidden == shown(replace(_READER, clio_user_id=13), 12, "Ada Ames")
    assert len({hidden, shown(_READER, 14), shown(replace(_READER, firm_id=8), 12)}) == 3


def test_the_stand_in_is_neither_clios_id_nor_that_of_a_client_of_the_same_id():
    hidden, client = shown(_READER, 12345678), replace(_READER, hides_client_names=True)

    assert "12345678" not in hidden
    assert hidden.split()[1] != shown_client_name(scope=client, client_id=12345678, name="x").split()[1]
