"""Pages of the clio app."""

from django.urls import path

from apps.clio.pages import sign_in
from apps.clio.pages.callback import callback
from apps.clio.pages.comparisons import comparisons_page
from apps.clio.pages.connection import connection_page

urlpatterns = [
    path("clio/callback", callback, name="clio-callback"),
    path("auth/clio/", sign_in.sign_in, name="clio-sign-in"),
    path("auth/clio/callback", sign_in.callback, name="clio-sign-in-callback"),
    path("firm/clio", connection_page, name="clio-page"),
    path("firm/clio/comparisons", comparisons_page, name="clio-comparisons-page"),
]
