"""The firm's data, mirrored from Clio, as a Django app."""

from django.apps import AppConfig


class ClioConfig(AppConfig):
    name = "apps.clio"
