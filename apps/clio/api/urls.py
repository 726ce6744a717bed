"""Addresses of the clio app."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
