"""Pages of notifications."""

from django.urls import path

from apps.notifications.pages import views

urlpatterns = [path("outbox", views.outbox, name="outbox")]
