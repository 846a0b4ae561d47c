"""Addresses of ingest below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from muniment.ingest.api import submissions as api

urlpatterns = [
    path("submissions", api.Submissions.as_view()),
    path("submissions/<str:name>", api.OneSubmission.as_view()),
    path("submissions/<str:name>/decision", api.Decide.as_view()),
    path("announcements", api.Announcements.as_view()),
    path("pipelines", api.Pipelines.as_view()),
    path("pipelines/<str:name>", api.OnePipeline.as_view()),
]
