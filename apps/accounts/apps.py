"""People and firms as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Put this app's routes into the permission table and make its jobs known."""
        from apps.accounts import tasks  # noqa: F401
        from apps.accounts.api.permissions import PERMISSIONS
        from apps.accounts.services.firm_rows import register_firm_rows
        from apps.core.permissions import table

        table.register(PERMISSIONS)
        register_firm_rows()
