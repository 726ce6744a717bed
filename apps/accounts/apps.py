"""People and firms as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Put this app's routes into the permission table and make its jobs known."""
        from apps.accounts import tasks  # noqa: F401
        from apps.accounts.api.permissions import PERMISSIONS
        from apps.accounts.pages.firm_urls import FIRM_PAGES
        from apps.accounts.services.firm_rows import register_firm_rows
        from apps.accounts.services.person_rows import register_person_rows
        from apps.accounts.services.retention import register_retention
        from apps.core.firm_pages import firm_pages
        from apps.core.permissions import table

        table.register(PERMISSIONS)
        register_firm_rows()
        register_retention()
        for route, label in FIRM_PAGES.items():
            firm_pages.add(route, label)
        register_person_rows()
