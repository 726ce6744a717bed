"""Staff's own words for messages: look at every kind, write, compare, try out, put into use, go back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.core.errors import DomainError
from apps.notifications.admin import wording_pages as pages
from apps.notifications.contracts import Channel
from apps.notifications.errors import UnknownKind
from apps.notifications.models import WordingVersion
from apps.notifications.rules.catalogue import Kind, get_kind
from apps.notifications.services.change_wording import approve_wording, draft_wording, withdraw_wording
from apps.notifications.services.send_wording_test import send_wording_test

# What a button of the page does, and the right it takes.
_RIGHTS = {"preview": "add", "draft": "add", "test": "add", "approve": "approve", "withdraw": "approve"}


@admin.register(WordingVersion)
class WordingAdmin(admin.ModelAdmin[WordingVersion]):
    """Pages of our own instead of a form per row: a version is never edited, and a message is more than its row."""

    def get_urls(self) -> list[URLPattern]:
        """Name the overview as the admin's index expects it, then one page per kind and channel, and its comparison."""
        name = "notifications_wordingversion"
        view = self.admin_site.admin_view
        return [
            path("", view(self.overview), name=f"{name}_changelist"),
            path("<str:kind>/<str:channel>/", view(self.page), name=f"{name}_words"),
            path("<str:kind>/<str:channel>/compare/<int:old>/<int:new>/", view(self.compare), name=f"{name}_compare"),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Hide the admin's own form for a new row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WordingVersion | None = None) -> bool:
        """Versions stay."""
        return False

    def overview(self, request: HttpRequest) -> HttpResponse:
        """List every kind with its channels and whose words are in use."""
        self._must(request, "view")
        return self._answer(request, "overview", "Wording of messages", rows=pages.overview_rows())

    def page(self, request: HttpRequest, kind: str, channel: str) -> HttpResponse:
        """Show the words of a kind on a channel, and act on them."""
        self._must(request, "view")
        chosen, on = _find(kind, channel)
        if request.method == "POST":
            done = self._act(request, chosen, on)
            if done is not None:
                return done
        typed = request.POST if request.method == "POST" else None
        context = pages.words_page(chosen, on, typed=typed, version=_number(request.GET.get("version")))
        rights = {"may_write": self._may(request, "add"), "may_approve": self._may(request, "approve")}
        return self._answer(request, "words", chosen.label, **context, **rights)

    def compare(self, request: HttpRequest, kind: str, channel: str, old: int, new: int) -> HttpResponse:
        """Show what changed between two versions; 0 is the file."""
        self._must(request, "view")
        chosen, on = _find(kind, channel)
        context = pages.compare_page(chosen, on, old, new)
        if context is None:
            raise Http404
        return self._answer(request, "compare", f"{chosen.label}: what changed", **context)

    def _act(self, request: HttpRequest, kind: Kind, channel: Channel) -> HttpResponse | None:
        """Do what the button says. None: show the page again with what was typed."""
        act = request.POST.get("act", "")
        if act not in _RIGHTS:
            raise Http404
        self._must(request, _RIGHTS[act])
        if act == "preview":
            return None
        try:
            said = self._do(request, act, kind, channel)
        except DomainError as error:
            messages.error(request, error.detail)
            return None if act in ("draft", "test") else HttpResponseRedirect(request.path)
        messages.success(request, said)
        return None if act == "test" else HttpResponseRedirect(request.path)

    def _do(self, request: HttpRequest, act: str, kind: Kind, channel: Channel) -> str:
        staff: Any = request.user
        parts = pages.typed_parts(request.POST, channel)
        match act:
            case "draft":
                note = request.POST.get("note", "")
                version = draft_wording(kind=kind.key, channel=channel, parts=parts, note=note, staff_id=staff.pk)
                return f"Kept as version {version}, a draft. Nobody gets it until it is put into use."
            case "test":
                send_wording_test(
                    kind=kind.key, channel=channel, parts=parts, staff_id=staff.pk, staff_email=staff.email
                )
                return "Sent to you, with the sample's values."
            case "approve":
                version = _number(request.POST.get("version")) or 0
                approve_wording(kind=kind.key, channel=channel, version=version, staff_id=staff.pk)
                return f"Version {version} is in use from the next message on."
        withdraw_wording(kind=kind.key, channel=channel, staff_id=staff.pk)
        return "The words of the file are in use again."

    def _may(self, request: HttpRequest, right: str) -> bool:
        return request.user.has_perm(f"notifications.{right}_wordingversion")

    def _must(self, request: HttpRequest, right: str) -> None:
        if not self._may(request, right):
            raise PermissionDenied

    def _answer(self, request: HttpRequest, page: str, title: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        overview = reverse("admin:notifications_wordingversion_changelist")
        return TemplateResponse(
            request, f"notifications/admin/wording_{page}.html", {**shared, "overview": overview, **context}
        )


def _find(kind: str, channel: str) -> tuple[Kind, Channel]:
    try:
        chosen, on = get_kind(kind), Channel(channel)
    except (UnknownKind, ValueError) as error:
        raise Http404 from error
    if on not in chosen.channels:
        raise Http404
    return chosen, on


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None
