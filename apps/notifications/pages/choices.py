"""The page on which a person chooses, kind by kind, which mails they get; reached from the footer of any of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.notifications.contracts import Channel
from apps.notifications.errors import UnsubscribeLinkInvalid
from apps.notifications.pages.answer import answer_page
from apps.notifications.queries.matrix import Cell, Group, Line, read_matrix
from apps.notifications.queries.unsubscribe import read_choices_token
from apps.notifications.rules.labels import CHOICE_LABELS
from apps.notifications.services.set_preferences import Change, set_preferences


@dataclass(frozen=True, slots=True)
class _Question:
    """One kind of mail: its options as value, words, and whether it is the one that holds."""

    kind: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choices_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the mails that may be refused; POST keeps what was chosen. What it does not offer cannot be sent to it."""
    try:
        user_id = read_choices_token(token)
    except UnsubscribeLinkInvalid:
        return answer_page(request, "notifications/pages/no_such_link.html", {}, status=404)
    if request.method == "POST":
        changes = list(_changes(request, read_matrix(user_id)))
        set_preferences(user_id=user_id, changes=changes, now=timezone.now())
    context = {
        "groups": list(_shown(read_matrix(user_id))),
        "was_saved": request.method == "POST",
    }
    return answer_page(request, "notifications/pages/choices.html", context)


def _changes(request: HttpRequest, matrix: tuple[Group, ...]) -> Iterator[Change]:
    for group in matrix:
        for line, cell in _mails(group):
            chosen = request.POST.get(line.kind)
            if chosen in cell.choices and chosen != cell.choice:
                yield Change(line.kind, cell.channel, chosen)


def _shown(matrix: tuple[Group, ...]) -> Iterator[tuple[Group, list[_Question]]]:
    for group in matrix:
        questions = [_question(line, cell) for line, cell in _mails(group)]
        if questions:
            yield group, questions


def _question(line: Line, cell: Cell) -> _Question:
    options = tuple((choice.value, CHOICE_LABELS[choice], choice is cell.choice) for choice in cell.choices)
    return _Question(line.kind, line.label, options)


def _mails(group: Group) -> Iterator[tuple[Line, Cell]]:
    return (
        (line, cell)
        for line in group.kinds
        for cell in line.channels
        if cell.channel is Channel.EMAIL and cell.may_change
    )
