"""Pages of notifications."""

from django.urls import path

from apps.notifications.pages import choices, unsubscribe, views

urlpatterns = [
    path("outbox", views.outbox, name="outbox"),
    path("notifications/unsubscribe/<str:token>", unsubscribe.unsubscribe_page, name="unsubscribe"),
    path("notifications/unsubscribe/<str:token>/undo", unsubscribe.resubscribe_page, name="resubscribe"),
    path("notifications/choices/<str:token>", choices.choices_page, name="notification-choices"),
]
