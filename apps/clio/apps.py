"""The firm's data, mirrored from Clio, as a Django app."""

from django.apps import AppConfig
from django.db.models import Model


class ClioConfig(AppConfig):
    name = "apps.clio"

    def ready(self) -> None:
        """Make the jobs and the permission rows known to every process."""
        from apps.clio import (
            models,
            tasks,  # noqa: F401
        )
        from apps.clio.api.permissions import PERMISSIONS
        from apps.clio.models import Mirrored
        from apps.clio.services.give_grant_back import erase_connection
        from apps.core.firm_pages import firm_pages
        from apps.core.firm_rows import erase_rows, export_rows
        from apps.core.permissions import table
        from apps.core.registries import books_erasers, firm_erasers, firm_exporters

        table.register(PERMISSIONS)
        self._offer_sign_in()
        firm_pages.add("clio-page", "Clio")
        mirrored = [model for model in self.get_models() if issubclass(model, Mirrored)]
        told: list[type[Model]] = [models.AttributeHistory, models.SyncRun, models.Sweep, models.HeldRecord]
        for model in (*mirrored, *told):
            firm_exporters.add(f"clio.{model._meta.model_name}", export_rows(model))
        secret = ("access_token", "refresh_token", "refresh_claim")
        firm_exporters.add("clio.connection", export_rows(models.ClioConnection, without=secret))
        kept_beside = (models.MirrorChange, models.AttributeHistory, models.OptionalFields)
        syncs = (models.SyncChain, models.SyncStep, models.SyncRun, models.SyncedEntity)
        compared = (models.SweepFinding, models.Sweep, models.Reconciliation, models.HeldRecord)
        beside = (models.ReconciliationCare, models.HealthAlert)
        firm_erasers.add("clio.mirror", erase_rows(*mirrored, *kept_beside))
        firm_erasers.add("clio.syncs", erase_rows(*syncs, models.MirrorVersion))
        firm_erasers.add("clio.reconciliations", erase_rows(*compared, *beside))
        # The mirror's version goes on rising: who read of it before must not take another mirror for the same.
        books_erasers.add("clio.mirror", erase_rows(*mirrored, *kept_beside, *syncs, *compared, *beside))
        firm_erasers.add(
            "clio.webhooks",
            erase_rows(models.WebhookDelivery, models.Webhook, models.WebhookCare, models.Turn, models.Farewell),
        )
        firm_erasers.add("clio.connection", erase_connection)

    def _offer_sign_in(self) -> None:
        from apps.accounts.interface import Provider, providers
        from apps.clio.rules.region_names import region_name
        from apps.clio.rules.sign_in_cookie import SIGN_IN_PATH
        from apps.clio.services.our_applications import is_offered

        providers.add("clio", Provider("clio", "Clio", SIGN_IN_PATH, is_offered, region_name))
