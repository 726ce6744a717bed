"""Addresses of notifications below /api/v1/."""

from django.urls import path

from apps.notifications.api import inbox, settings

urlpatterns = [
    path("me/notifications", inbox.InboxView.as_view(), name="notifications"),
    path("me/notifications/unread", inbox.UnreadView.as_view(), name="notifications-unread"),
    path("me/notifications/read-all", inbox.ReadAllView.as_view(), name="notifications-read-all"),
    path("me/notifications/<uuid:notification_id>/read", inbox.ReadView.as_view(), name="notification-read"),
    path("me/notifications/<uuid:notification_id>/archive", inbox.ArchiveView.as_view(), name="notification-archive"),
    path("me/notification-preferences", settings.PreferencesView.as_view(), name="notification-preferences"),
    path("me/quiet-hours", settings.QuietHoursView.as_view(), name="quiet-hours"),
    path("me/notification-digest", settings.DigestView.as_view(), name="notification-digest"),
    path("me/deliveries", inbox.DeliveriesView.as_view(), name="my-deliveries"),
]
