"""Addresses of what speaks for the whole archive, below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from muniment.web import api, event_stream

urlpatterns = [
    path("events/stream", event_stream.EventStream.as_view()),
    path("statistics", api.Statistics.as_view()),
    path("settings", api.SettingsList.as_view()),
]
