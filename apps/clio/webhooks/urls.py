"""Addresses Clio calls."""

from django.urls import path

from apps.clio.webhooks.clio import announcements
from apps.clio.webhooks.deauthorized import deauthorized

urlpatterns = [
    path("webhooks/clio/<str:token>", announcements, name="clio-webhook"),
    path("webhooks/clio/deauthorized/<str:token>", deauthorized, name="clio-deauthorized"),
]
