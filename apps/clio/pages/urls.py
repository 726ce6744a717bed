"""Pages of the clio app."""

from django.urls import path

from apps.clio.pages.callback import callback

urlpatterns = [path("clio/callback", callback, name="clio-callback")]
