"""People and firms as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Put this app's routes into the permission table."""
        from apps.accounts.api.permissions import PERMISSIONS
        from apps.core.permissions import table

        table.register(PERMISSIONS)
