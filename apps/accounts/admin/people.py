"""Staff's view of people. Firms stay behind the tenant wall; nothing here opens it."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.urls import URLPattern

from apps.accounts.models import User


class PersonChangeForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("is_active", "is_staff", "groups")


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """Find a person, see since when they are here, close or reopen the account.

    Staff set nobody's password and change nobody's address: either would open the account to them. Who is staff, and
    what staff may, superusers decide.
    """

    form = PersonChangeForm
    list_display = ("email", "name", "is_active", "is_staff", "last_login", "created_at")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("email", "name")}),
        ("May", {"fields": ("is_active", "is_staff", "groups")}),
        ("When", {"fields": ("last_login", "created_at")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Leave out Django's page that sets another person's password."""
        return [each for each in super().get_urls() if each.name != "auth_user_password_change"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Keep what makes somebody staff out of the hands of staff."""
        own = ("email", "name", "last_login", "created_at")
        return own if _decides_over_staff(request) else (*own, "is_staff", "groups")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let only superusers touch the accounts of staff."""
        touches_staff = obj is not None and (obj.is_staff or obj.is_superuser)
        return super().has_change_permission(request, obj) and (not touches_staff or _decides_over_staff(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: people register themselves, or are invited; the first member of staff is made by a command."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: a person's rows stand behind the wall; staff close the account instead."""
        return False


def _decides_over_staff(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
