"""Addresses of the pages of submissions and pipelines."""

from __future__ import annotations

from django.urls import path

from muniment.ingest.views import submissions as views

urlpatterns = [
    path("submissions", views.submissions),
    path("submissions/new", views.new_submission),
    path("submissions/<uuid:submission_id>", views.one_submission),
    path("submissions/<uuid:submission_id>/run", views.run_part),
    path("submissions/<uuid:submission_id>/decision", views.decision),
    path("pipelines", views.list_pipelines),
    path("pipelines/<str:name>", views.one_pipeline),
]
