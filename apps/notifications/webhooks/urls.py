"""Addresses vendors call."""

from django.urls import path

from apps.notifications.webhooks import mailgun, twilio

urlpatterns = [
    path("webhooks/mailgun", mailgun.events, name="mailgun-events"),
    path("webhooks/twilio/status/<uuid:message_key>", twilio.status, name="twilio-status"),
    path("webhooks/twilio/messages", twilio.inbound, name="twilio-messages"),
]
